export * from './dto/organization.js';
export * from './organization-presenter.js';
export * from './organization.entity.js';
export * from './store-directory.js';
export * from './store.entity.js';
export * from './tenants.module.js';
export * from './tenants.service.js';
