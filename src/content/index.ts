export { insertDemoContent } from './demo/demo-content.js';
export { ContentModule } from './content.module.js';
export * from './generation/provider.js';
export { GenerationProviders } from './generation/providers.js';
export * from './posts/publishing/connector.js';
export { Connectors } from './posts/publishing/connectors.js';
export { PublicFeeds } from './posts/feeds/public-feeds.js';
export { PublicPages } from './landing-pages/public/public-pages.js';
export { MediaModule } from './media/media.module.js';
