/** How far each writer's batches were read, by the writer. */
export type Heads = ReadonlyMap<number, number>;

const FORM = /^(0|\d{1,5}\.\d{1,15}(\.\d{1,9})?(_\d{1,5}\.\d{1,15})*)$/;

/**
 * Where a reader of the log stands: how far it has come in each writer's batches, and in a batch that it has read in
 * part. Batches of a writer commit in the order of their numbers, so that nothing comes to be before a position any
 * more; times and ids could not say that.
 */
export class TailPosition {
  private readonly read: Map<number, number>;

  constructor(
    heads: Heads,
    /** The batch that is read in part, and its last row that was. */
    private partial: { readonly writer: number; readonly position: number } | undefined = undefined,
  ) {
    this.read = new Map(heads);
  }

  /** @returns undefined for a text that is no position */
  static parse(text: string): TailPosition | undefined {
    if (!FORM.test(text)) return undefined;
    const heads = new Map<number, number>();
    let partial: { writer: number; position: number } | undefined;
    for (const part of text === '0' ? [] : text.split('_')) {
      const [writer = 0, batch = 0, position] = part.split('.').map(Number);
      heads.set(writer, position === undefined ? batch : batch - 1);
      if (position !== undefined) partial = { writer, position };
    }
    return new TailPosition(heads, partial);
  }

  /** The last batch of a writer that was read whole. */
  of(writer: number): number {
    return this.read.get(writer) ?? 0;
  }

  /** Whether a row was read before. */
  isPast({
    writer,
    batch_no: batch,
    position,
  }: {
    writer: number;
    batch_no: number;
    position: number;
  }): boolean {
    const last = this.of(writer);
    if (batch <= last) return true;
    return batch === last + 1 && writer === this.partial?.writer && position <= this.partial.position;
  }

  /** A batch was read whole. */
  finish(writer: number, batch: number): void {
    this.read.set(writer, batch);
    if (this.partial?.writer === writer) this.partial = undefined;
  }

  /** Whether a writer's numbers are beyond what there is: then the text is of another database. */
  isBeyond(heads: Heads): boolean {
    for (const [writer, batch] of this.read) if (batch > (heads.get(writer) ?? 0)) return true;
    return false;
  }

  /** How many batches there are between this position and the heads. */
  distanceTo(heads: Heads): number {
    let distance = 0;
    for (const [writer, batch] of heads) distance += batch - this.of(writer);
    return distance;
  }

  /** As one word, for `Last-Event-ID`. @param within a row up to which its batch was read in part */
  text(within?: { readonly writer: number; readonly batch_no: number; readonly position: number }): string {
    const partial = within ?? this.partial;
    const rest = [...this.read].filter(([writer]) => writer !== partial?.writer);
    const parts = rest.map(([writer, batch]) => `${writer}.${batch}`);
    if (partial) parts.unshift(`${partial.writer}.${this.of(partial.writer) + 1}.${partial.position}`);
    return parts.join('_') || '0';
  }
}
