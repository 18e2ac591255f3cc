import type { Objective } from '../campaigns/campaign.entity.js';
import type { Subject, Voice } from './built-in/compose.js';

/** A text that is asked for. */
export interface CopyOrder {
  readonly goal: Objective;
  /** What it is about, in the caller's words; may be empty. */
  readonly about: string;
  readonly voice: Voice;
  /** Products that it may speak of; may be empty. */
  readonly subjects: readonly Subject[];
  /** BCP 47. */
  readonly language: string;
  /** Of each text, counted as code points. */
  readonly mostCharacters: number;
  /** How many different texts. */
  readonly count: number;
}

/** An image that is asked for. */
export interface ImageOrder {
  /** What is to be seen on it, in the caller's words. */
  readonly prompt: string;
  readonly voice: Voice;
  /** The product that it is of. */
  readonly subject: Subject | undefined;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** How many different images. */
  readonly count: number;
}

/** What a provider has used for an order, as far as it says so. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** In millionths of a US dollar, by the prices of the configuration. */
  readonly costMicros: number | null;
}

/** What a provider has made: as many as were ordered, or fewer; none where its answer could not be used. */
export interface Made<T> {
  readonly items: readonly T[];
  /** Null where it has no model. */
  readonly model: string | null;
  readonly usage: Usage;
}

/**
 * What writes texts or draws images. It is trusted with nothing: texts are cleaned and cut, and images go the way of
 * uploads. An order may be given to it more than once.
 */
export interface GenerationProvider {
  /** As results name it. */
  readonly name: string;
  /** Why it does not take an order that it could be given; undefined where it does. */
  refuses?(order: { readonly language: string }): string | undefined;
  /** @throws RunFailed where it may go better later, JobFailed where it will not */
  readonly write?: (order: CopyOrder, signal: AbortSignal) => Promise<Made<string>>;
  /** Images as files of a type that media have. @throws as `write` does */
  readonly draw?: (order: ImageOrder, signal: AbortSignal) => Promise<Made<Buffer>>;
}

/** What has not been paid for. */
export const NOTHING_USED: Usage = { inputTokens: null, outputTokens: null, costMicros: null };

/** Both together; what neither says stays unsaid. */
export function sumOf(a: Usage, b: Usage): Usage {
  const sum = (x: number | null, y: number | null) => (x === null && y === null ? null : (x ?? 0) + (y ?? 0));
  return {
    inputTokens: sum(a.inputTokens, b.inputTokens),
    outputTokens: sum(a.outputTokens, b.outputTokens),
    costMicros: sum(a.costMicros, b.costMicros),
  };
}
