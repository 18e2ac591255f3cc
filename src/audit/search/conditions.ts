/** What a statement's WHERE asks for, put together piece by piece, with its values beside it. */
export class Conditions {
  private readonly parts: string[] = [];
  private readonly given: unknown[] = [];

  /** Adds a condition; each `?` in it stands for the next of the values. */
  add(condition: string, ...values: readonly unknown[]): this {
    let next = 0;
    this.parts.push(condition.replaceAll('?', () => this.value(values[next++])));
    return this;
  }

  /** Adds a condition where there is a value for it. */
  addIf(value: unknown, condition: string): this {
    return value === undefined ? this : this.add(condition, value);
  }

  /** A place for a value, e.g. `$3`. */
  value(value: unknown): string {
    this.given.push(value);
    return `$${this.given.length}`;
  }

  /** The same, to be added to apart from this one. */
  copy(): Conditions {
    const copy = new Conditions();
    copy.parts.push(...this.parts);
    copy.given.push(...this.given);
    return copy;
  }

  get sql(): string {
    return this.parts.length === 0 ? 'true' : this.parts.join(' AND ');
  }

  get values(): readonly unknown[] {
    return this.given;
  }
}
