import { randomInt } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Random, randomOf } from '../../random.js';
import {
  type CopyOrder,
  type GenerationProvider,
  type ImageOrder,
  type Made,
  NOTHING_USED,
} from '../provider.js';
import { BUILT_IN, GenerationProviders } from '../providers.js';
import { composeText } from './compose.js';
import { drawCard } from './draw-card.js';

/** Attempts at texts that differ from each other, for each that is wanted. */
const MOST_ATTEMPTS = 8;

/** Composes from templates and what the store has, here and at once: it needs no network, and costs nothing. */
@Injectable()
export class BuiltInProvider implements GenerationProvider, OnModuleInit {
  readonly name = BUILT_IN;

  constructor(private readonly providers: GenerationProviders) {}

  onModuleInit(): void {
    this.providers.register(this);
  }

  refuses({ language }: { readonly language: string }): string | undefined {
    return /^en(-|$)/i.test(language) ? undefined : `must be English for the provider ${BUILT_IN}`;
  }

  readonly write = (order: CopyOrder): Promise<Made<string>> => {
    const random = randomOf(randomInt(2 ** 32));
    return Promise.resolve({ items: differingTexts(random, order), model: null, usage: NOTHING_USED });
  };

  readonly draw = async (order: ImageOrder): Promise<Made<Buffer>> => {
    const first = randomInt(2 ** 16);
    const items: Buffer[] = [];
    for (let index = 0; index < order.count; index += 1) items.push(await drawCard(order, first + index));
    return { items, model: null, usage: NOTHING_USED };
  };
}

function differingTexts(random: Random, order: CopyOrder): string[] {
  const { goal, about, voice, subjects, count, mostCharacters } = order;
  const texts = new Set<string>();
  for (let attempt = 0; attempt < count * MOST_ATTEMPTS && texts.size < count; attempt += 1) {
    const subject = subjects[attempt % Math.max(1, subjects.length)];
    texts.add(composeText(random, { goal, about }, voice, subject, mostCharacters));
  }
  return [...texts];
}
