import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Components = NonNullable<OpenAPIObject['components']>;
interface Reference {
  $ref: string;
}

/**
 * Says once what every operation repeats: its headers, and its refusals, which become `Refused<status>`. A part
 * that differs from the first of its name stays where it is. Changes the document it is given.
 */
export function shareParts(document: OpenAPIObject): void {
  const headers: NonNullable<Components['headers']> = {};
  const responses: NonNullable<Components['responses']> = {};
  for (const operation of operationsOf(document)) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (!response || '$ref' in response) continue;
      for (const [name, header] of Object.entries(response.headers ?? {})) {
        Object.assign(response.headers ?? {}, { [name]: shared(headers, 'headers', name, header) });
      }
      if (Number(status) < 400) continue;
      operation.responses[status] = shared(responses, 'responses', `Refused${status}`, response);
    }
  }
  document.components = { ...document.components, responses: sorted(responses), headers: sorted(headers) };
}

/** A reference to the part of that name, which the first such part becomes; the part itself where it differs. */
function shared<T extends object>(
  parts: Record<string, T>,
  kind: keyof Components,
  name: string,
  part: T,
): T | Reference {
  const first = (parts[name] ??= part);
  return JSON.stringify(first) === JSON.stringify(part) ? { $ref: `#/components/${kind}/${name}` } : part;
}

function* operationsOf(document: OpenAPIObject): Generator<Operation> {
  for (const item of Object.values(document.paths)) {
    for (const part of Object.values(item) as unknown[]) {
      if (typeof part === 'object' && part !== null && 'responses' in part) yield part as Operation;
    }
  }
}

function sorted<T>(parts: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
