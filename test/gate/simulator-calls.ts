import { type Answer, type Caller, Calls } from '../keys/key-calls.js';

/** The answer of `POST /permissions/simulate`. */
export interface Simulation {
  allowed: boolean;
  status: number;
  code: string | null;
  reason: string;
  limitedBy: string | null;
  route: { method: string; path: string; operationId: string } | null;
  required: { resource: string; level: string } | null;
  granted: string | null;
  role: string | null;
  key: string | null;
  plan: string | null;
  missing: string | null;
  unchecked: string[];
}

/** Asks; the answer may be a refusal. */
export function ask(calls: Calls, by: Caller, question: object): PromiseLike<Answer<Simulation>> {
  return calls.call<Simulation>(by, 'post', '/permissions/simulate').send(question);
}

/** Asks; the answer is a verdict. */
export async function simulate(calls: Calls, by: Caller, question: object): Promise<Simulation> {
  const { status, body, text } = await ask(calls, by, question);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return body;
}
