import type { Transaction } from '../platform/database/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { Organization } from '../tenants/index.js';
import { CommandError } from './errors.js';

/**
 * The organization with that public id, or the first of all where none is named: UUIDv7 grows with time.
 * @throws CommandError where there is none
 */
export async function organizationNamed(tx: Transaction, publicId?: string): Promise<Organization> {
  const id = publicId === undefined ? undefined : fromPublicId('organization', publicId);
  if (publicId !== undefined && id === undefined) throw absent(publicId);
  const [organization] = await tx.find(Organization, {
    where: id === undefined ? {} : { id },
    order: { id: 'ASC' },
    take: 1,
  });
  if (!organization) throw absent(publicId);
  return organization;
}

function absent(publicId: string | undefined): CommandError {
  const words =
    publicId === undefined
      ? 'There is no organization yet: start the server once (npm start).'
      : `There is no organization ${publicId}.`;
  return new CommandError('NOT_FOUND', words);
}
