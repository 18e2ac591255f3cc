export * from './builtin-roles.js';
export * from './grants.js';
export * from './own-grants.js';
export * from './resource-registry.js';
export * from './role-usage.js';
export * from './role.entity.js';
export * from './roles.module.js';
export * from './roles.service.js';
