import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';

/** The ways to say who one is, as the document names them. */
export const SECURITY = { key: 'key', session: 'session', csrfToken: 'csrfToken' } as const;

/** What the document says before any route is described: who we are, how to sign in, what the groups are. */
export function documentBase(): Omit<OpenAPIObject, 'paths'> {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Gatehouse')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This installation.')
    .addSecurity(SECURITY.key, {
      type: 'http',
      scheme: 'bearer',
      description: 'A key: `Authorization: Bearer <token>` (RFC 6750).',
    })
    .addSecurity(SECURITY.session, {
      type: 'apiKey',
      in: 'cookie',
      name: 'gatehouse_session_3000',
      description:
        "A member's session, set by signing in. The cookie's name ends in the server's port; served over https " +
        'it begins with `__Host-`.',
    })
    .addSecurity(SECURITY.csrfToken, {
      type: 'apiKey',
      in: 'header',
      name: 'X-CSRF-Token',
      description: 'Told once by signing in; a session that changes something must send it.',
    });
  const { info, ...document } = base.build();
  // the library's empty contact says nothing
  const { contact: _contact, ...rest } = info;
  return { ...document, info: rest };
}

const DESCRIPTION = `Role-scoped API keys, exact plan quotas and a durable request log.

Every answer has an \`X-Request-Id\`, every refusal the one error shape. A route below \`/stores/{storeId}\` that
also has a short path works the same on both: the short one means the key's own store. \`x-gatehouse-scope\` names
the resource and the level that an operation needs.`;
