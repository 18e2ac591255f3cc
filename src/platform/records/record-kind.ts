import type { ObjectLiteral } from 'typeorm';
import type { Transaction } from '../database/index.js';
import type { IdKind } from '../ids/index.js';

/** A row that belongs to one store. Its `version` is the database's affair. */
export interface StoreRow extends ObjectLiteral {
  /** UUID. */
  id: string;
  storeId: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What a caller may set of a row; the rest is ours. */
export type ContentOf<E extends StoreRow> = Omit<E, 'id' | 'storeId' | 'version' | 'createdAt' | 'updatedAt'>;

/** What a new row is made of; with an id of the caller's making where something else must know it first. */
export type NewRow<E extends StoreRow> = ContentOf<E> & { readonly id?: string };

/** A kind of thing that stores hold many of. */
export interface RecordKind<E extends StoreRow, V extends { readonly id: string }> {
  readonly entity: new () => E;
  /** How ids and events name one: `campaign`. */
  readonly name: IdKind;
  /** How its list is named: `campaigns`. */
  readonly plural: string;
  /** What must be there once only: the field that each unique constraint is about, by the constraint's name. */
  readonly unique?: Readonly<Record<string, string>>;
  /** A row as the API answers it. */
  readonly view: (row: E) => V;
  /** Looks at a row before it is written. @throws InvalidInput, Conflict */
  readonly check?: (after: E, before: E | undefined) => void;
  /**
   * What happened with a change, as types of events; its data are the view. None, where it is left out.
   * @param before undefined for a new row
   * @param after undefined for one that is gone
   */
  readonly events?: (before: E | undefined, after: E | undefined) => readonly string[];
  /** What must be done with every change in its own transaction, such as setting an alarm. */
  readonly saved?: (tx: Transaction, after: E, before: E | undefined) => Promise<void>;
}

/** `<name>.created`, `.updated` and `.deleted`, as the case may be. */
export function lifeOf(name: string, before: object | undefined, after: object | undefined): string {
  if (!before) return `${name}.created`;
  return after ? `${name}.updated` : `${name}.deleted`;
}
