import type { QueryRunner } from 'typeorm';

/**
 * Reads the rows of a statement in the transaction's snapshot, some at a time; several may be read side by side.
 * @param name of the cursor
 */
export async function* rowsOf<Row>(
  transaction: QueryRunner,
  name: string,
  text: string,
  atOnce: number,
): AsyncGenerator<Row> {
  await transaction.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${text}`);
  for (;;) {
    const page = (await transaction.query(`FETCH ${atOnce} FROM ${name}`)) as Row[];
    yield* page;
    if (page.length < atOnce) break;
  }
  await transaction.query(`CLOSE ${name}`);
}

/** A stream in the order of batches, of which the part that belongs to one batch can be taken. */
export class InBatches<Row extends { readonly writer: number; readonly batch_no: number }> {
  private next: Row | undefined;

  private constructor(private readonly rows: AsyncGenerator<Row>) {}

  static async of<Row extends { readonly writer: number; readonly batch_no: number }>(
    rows: AsyncGenerator<Row>,
  ): Promise<InBatches<Row>> {
    const stream = new InBatches(rows);
    await stream.advance();
    return stream;
  }

  /** Those of a batch that ends before this one, or this one's where `including`. */
  async *upTo(writer: number, batchNo: number, including: boolean): AsyncGenerator<Row> {
    while (this.next) {
      const order = this.next.writer - writer || this.next.batch_no - batchNo;
      if (order > 0 || (order === 0 && !including)) return;
      yield this.next;
      await this.advance();
    }
  }

  private async advance(): Promise<void> {
    const next = await this.rows.next();
    this.next = next.done ? undefined : next.value;
  }
}
