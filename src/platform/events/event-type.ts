import { z } from 'zod';
import { ID_PREFIX, type IdKind } from '../ids/index.js';
import { EVENT_TYPE } from './event-pattern.js';

/** What kind of thing may happen, and what its events tell. */
export interface EventType {
  /** `<what>.<verb in the past>`, e.g. `campaign.created`. */
  readonly type: string;
  /** When it happens, in one sentence. */
  readonly description: string;
  /** What `data` holds, as JSON; null for a type that only has its name yet: nobody emits it. */
  readonly data: z.ZodObject | null;
}

const FORM = new RegExp(`^${EVENT_TYPE}$`);

/**
 * Declares a type of event, next to where it is emitted. A field may be added to its data later; none is taken away.
 * @throws Error for a name that is not of the form
 */
export function eventType<Shape extends z.ZodRawShape>(
  type: string,
  description: string,
  data: Shape,
): EventType {
  assertForm(type);
  // strict, so that what is told and not declared is noticed
  return { type, description, data: z.strictObject(data) };
}

/** Declares the name of a type that is to come: receivers may already ask for it. */
export function reservedEventType(type: string, description: string): EventType {
  assertForm(type);
  return { type, description, data: null };
}

function assertForm(type: string): void {
  if (!FORM.test(type)) throw new Error(`A type of event has the form "thing.happened": ${type}`);
}

/** The public id of something. */
export const idIn = (kind: IdKind) =>
  z.string().regex(new RegExp(`^${ID_PREFIX[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`));

/** RFC 3339, UTC. */
export const timeIn = () => z.iso.datetime();

/** Something with its name, as it was called then. */
export const namedIn = (kind: IdKind) => z.strictObject({ id: idIn(kind), name: z.string() });

/** A type's data as a JSON Schema (2020-12): open, because fields may be added. */
export function dataSchemaOf({ data }: EventType): Record<string, unknown> {
  if (!data) return { type: 'object' };
  const { $schema: _, ...schema } = z.toJSONSchema(data, {
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // JavaScript's own bounds
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // the format says it, and shorter
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return schema;
}
