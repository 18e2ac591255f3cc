export * from './key-directory.js';
export * from './key-lookup.js';
export * from './key-presenter.js';
export * from './key.entity.js';
export * from './keys.module.js';
export * from './keys.service.js';
export * from './resolved-key.js';
export * from './token.js';
