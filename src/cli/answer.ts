/** What a command has to say, once for programs and once for people. */
export interface Answer {
  /** The one JSON document of `--json`. */
  readonly document: object;
  /** Lines for people, without the last line break. */
  readonly text: string;
  /** The command did its work and found something wrong: exit code 1. */
  readonly failed?: boolean;
}

/** What every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
}
