import { Injectable } from '@nestjs/common';
import { InvalidInput } from '../../platform/errors/index.js';
import type { GenerationProvider } from './provider.js';

type Ability = 'write' | 'draw';

/** A provider that can do what it was chosen for. */
export type Able<A extends Ability> = GenerationProvider & Required<Pick<GenerationProvider, A>>;

/** What writes and draws here. Each registers itself in `onModuleInit`; those of others go before the built-in one. */
@Injectable()
export class GenerationProviders {
  private readonly providers: GenerationProvider[] = [];

  /** @throws Error where the name is taken */
  register(provider: GenerationProvider): void {
    if (this.providers.some(({ name }) => name === provider.name)) {
      throw new Error(`Two providers have the name ${provider.name}.`);
    }
    if (provider.name === BUILT_IN) this.providers.push(provider);
    else this.providers.unshift(provider);
  }

  /**
   * The one that is named, or else the first that can do it.
   * @throws InvalidInput for one that is not there, or cannot do it
   */
  choose<A extends Ability>(ability: A, name: string | undefined): Able<A> {
    const able = this.providers.filter((each): each is Able<A> => each[ability] !== undefined);
    const chosen = name === undefined ? able[0] : able.find((each) => each.name === name);
    if (chosen) return chosen;
    const known = able.map((each) => each.name).join(', ');
    throw new InvalidInput([{ field: 'provider', reason: `must be one that is set up here: ${known}` }]);
  }
}

export const BUILT_IN = 'built-in';
