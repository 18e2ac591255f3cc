/** Who stands behind a change; `database` is SQL typed by hand. */
export interface Actor {
  readonly type: 'key' | 'member' | 'system' | 'database';
  /** The key's or member's UUID, or what names the system's part, e.g. `partition-keeper`. */
  readonly id: string;
}
