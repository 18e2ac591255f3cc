import { questionOf, SimulationInput, type SimulationResponse, Simulator } from '../gate/index.js';
import { OperatorKeysService } from '../keys/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import { toPublicId } from '../platform/ids/index.js';
import { OperatorRolesService } from '../roles/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { CommandError } from './errors.js';
import { facts } from './format.js';
import { organizationFor } from './find.js';
import { roleNamed } from './roles.js';
import { withApplication } from './with-application.js';

export interface SimulateOptions extends CommonOptions {
  readonly key?: string;
  readonly role?: string;
  /** Whose plan caps the role. */
  readonly organization?: string;
  readonly method?: string;
  readonly path?: string;
  readonly resource?: string;
  readonly level?: string;
  readonly store?: string;
  readonly ip?: string;
}

/** `gatehouse permissions simulate`: exit code 0 whatever the verdict, so that it can be told from a failure. */
export function simulate(options: SimulateOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const simulator = app.get(Simulator);
    const question = questionOf(readInput(SimulationInput, bodyOf(options), 'body'));
    if (question.subject.kind === 'key') {
      const key = await manager.transaction((tx) => app.get(OperatorKeysService).find(tx, options.key ?? ''));
      if (!key) throw new CommandError('NOT_FOUND', `There is no key ${options.key}.`);
      return answerOf(await simulator.ofKey(manager, key.id, question));
    }
    const role = await roleNamed(manager, app.get(OperatorRolesService), question.subject.reference);
    const organizationId =
      options.organization === undefined
        ? role.organizationId
        : (await organizationFor(manager, options.organization)).id;
    if (role.organizationId !== null && role.organizationId !== organizationId) {
      throw new CommandError(
        'NOT_FOUND',
        `${options.organization} has no role ${toPublicId('role', role.id)}.`,
      );
    }
    return answerOf(await simulator.ofRole(manager, role, organizationId, question));
  });
}

/** What the API takes; what was not given is absent. */
function bodyOf({ key, role, method, path, resource, level, store, ip }: SimulateOptions): object {
  const body = {
    keyId: key,
    roleId: role,
    method: method?.toUpperCase(),
    path,
    resource,
    level,
    storeId: store,
    ipAddress: ip,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function answerOf(verdict: SimulationResponse): Answer {
  const { allowed, status, code, reason, route, required, limitedBy, missing, unchecked } = verdict;
  const levels = required && [
    `role ${verdict.role}`,
    ...(verdict.key === null ? [] : [`key ${verdict.key}`]),
    `plan ${verdict.plan}`,
    `left ${verdict.granted}`,
  ];
  const lines: (readonly [string, string])[] = [['Why', reason]];
  if (route) lines.push(['Route', `${route.method} ${route.path} (${route.operationId})`]);
  if (required) lines.push(['Needs', `${required.level} on ${required.resource}`]);
  if (levels) lines.push(['Held', levels.join(', ')]);
  if (limitedBy) lines.push(['Limited by', limitedBy]);
  if (missing) lines.push(['Missing', missing]);
  lines.push(['Unchecked', unchecked.join(', ')]);
  const verdictText = allowed ? 'Allowed.' : `Refused: ${status} ${code}.`;
  return { document: verdict, text: `${verdictText}\n\n${facts(lines)}` };
}
