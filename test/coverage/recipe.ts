/** What a recipe can build on. */
export interface Made {
  /** Public ids of the caller's organization and store. */
  readonly organizationId: string;
  readonly storeId: string;
  /** Calls an operation as the caller does, and answers the public id of what it made. */
  create(operationId: string, parameters: Record<string, string>): Promise<string>;
  /** The same, with the whole answer. */
  answer(operationId: string, parameters: Record<string, string>): Promise<Record<string, unknown>>;
  /** A page of a list, as the caller sees it. */
  list(operationId: string, parameters: Record<string, string>): Promise<{ data: Record<string, unknown>[] }>;
  /** What no request brings about, such as a failure of somebody else. */
  sql(text: string, parameters: readonly unknown[]): Promise<unknown>;
  /** A member of the caller's organization; answers its public id. */
  member(): Promise<string>;
}

/** How one operation that changes something is made to succeed, and what it must leave in the change log. */
export interface Recipe {
  readonly status: 200 | 201 | 202 | 204;
  /** `entity action`, each once. */
  readonly changes: readonly string[];
  readonly body?: object;
  /** How the body is declared where it is not JSON. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is known only once something was made. */
  readonly bodyOf?: (made: Made) => Promise<object>;
  /** The caller's key is one of a sandbox. */
  readonly sandbox?: boolean;
  /** Who acts where the route is public; else the caller does. */
  readonly system?: string;
  /** Path parameters beside the store's. */
  readonly parameters?: (made: Made) => Promise<Record<string, string>>;
}

/** The path parameter of something that another operation makes. */
export const withId =
  (create: string) =>
  async (made: Made): Promise<Record<string, string>> => ({
    id: await made.create(create, { storeId: made.storeId }),
  });
