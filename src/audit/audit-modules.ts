import type { Type } from '@nestjs/common';
import { AuditModule } from './audit.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { ProofsModule } from './proofs/proofs.module.js';
import { SearchModule } from './search/search.module.js';
import { TailModule } from './tail/tail.module.js';
import { VerificationsModule } from './verifications/verifications.module.js';
import { ViewsModule } from './views/views.module.js';

/** What the application imports of the logs: each with controllers by itself, so that its routes come before the catch-all. */
export const AUDIT_MODULES: readonly Type[] = [
  AuditModule,
  ExportsModule,
  // before the search, whose paths take ids
  TailModule,
  SearchModule,
  ViewsModule,
  ProofsModule,
  VerificationsModule,
];
