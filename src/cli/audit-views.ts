import { AuditViews } from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Answer } from './answer.js';
import type { ViewOptions } from './audit-search.js';
import { CommandError } from './errors.js';
import { organizationFor } from './find.js';
import { table } from './format.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

/** `gatehouse audit views list` */
export function listViews({ organization }: ViewOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const { id } = await organizationFor(app.get(Database).manager, organization);
    const views = await app.get(AuditViews).allOf(id);
    const rows = views.map(({ id: view, name, shared, owner, filters }) => [
      view,
      name,
      shared ? 'shared' : owner.id,
      new URLSearchParams(filters).toString(),
    ]);
    const text = rows.length === 0 ? 'There are none.' : table(['ID', 'NAME', 'WHOSE', 'FILTERS'], rows);
    return { document: { data: views }, text };
  });
}

/** `gatehouse audit views delete` */
export function deleteView(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const id = fromPublicId('auditView', publicId);
    const gone =
      id !== undefined &&
      (await app.get(Database).write({ actor: CLI_ACTOR }, (tx) => app.get(AuditViews).remove(tx, id)));
    if (!gone) throw new CommandError('NOT_FOUND', `There is no view ${publicId}.`);
    return { document: { id: publicId }, text: 'The view is gone.' };
  });
}
