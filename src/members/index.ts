export * from './member.entity.js';
export * from './members.module.js';
export { MembersService, type NewMember } from './members.service.js';
export { newPasswordProblem, PASSWORD_MAX_BYTES, PASSWORD_MIN_BYTES } from './passwords.js';
export { SecondFactors } from './second-factor/second-factors.js';
export { SessionAuthenticator } from './session-authenticator.js';
export { Sessions } from './sessions.js';
