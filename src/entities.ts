import { ExportConfiguration } from './analytics/export-configurations/export-configuration.entity.js';
import { Report } from './analytics/reports/report.entity.js';
import { AnalyticsRun } from './analytics/runs/run.entity.js';
import { AuditExport, AuditExportRun } from './audit/exports/audit-export.entities.js';
import {
  AuditBatch,
  ChangeLogRow,
  KeyActivity,
  KeyLevel,
  KeyUsage,
  RequestLogRow,
} from './audit/log.entities.js';
import { Erasure } from './audit/retention/erasure/erasure.entity.js';
import { AuditVerification, AuditVerificationRun } from './audit/verifications/verification.entities.js';
import { AuditView } from './audit/views/audit-view.entity.js';
import { Audience } from './content/audiences/audience.entity.js';
import { AudienceMember, Customer } from './content/audiences/members/customer.entity.js';
import { Brand } from './content/brand/brand.entity.js';
import { Campaign } from './content/campaigns/campaign.entity.js';
import { Copy } from './content/copy/copy.entity.js';
import { ImageSet } from './content/images/image-set.entity.js';
import { LandingPage, LandingPageVersion } from './content/landing-pages/landing-page.entity.js';
import { ContentPlan } from './content/plans/content-plan.entity.js';
import { Post } from './content/posts/post.entity.js';
import { Product } from './content/products/product.entity.js';
import { SocialAccount } from './content/social-accounts/social-account.entity.js';
import { JobProgress, JobRowError, StoreJob } from './jobs/job.entities.js';
import { KeySecret } from './keys/key-secret.entity.js';
import { Key } from './keys/key.entity.js';
import { KeyNotice } from './keys/life/key-notice.entity.js';
import { Invitation } from './members/invitations/invitation.entity.js';
import { MemberActivity } from './members/member-activity.entity.js';
import { LeakReport } from './keys/leaks/leak-report.entity.js';
import { SignInFailure } from './members/lock-out/sign-in-failure.entity.js';
import { Media } from './content/media/media.entity.js';
import { Member } from './members/member.entity.js';
import { PasswordReset } from './members/password-resets/password-reset.entity.js';
import { MemberTotp, RecoveryCode, TotpStep } from './members/second-factor/second-factor.entities.js';
import { Session } from './members/session.entity.js';
import { PollingMark, QuotaLedgerRow } from './plans/quota-ledger.entity.js';
import { Plan } from './plans/plan.entity.js';
import { EventRow } from './platform/events/event.entity.js';
import { IdempotencyReply } from './platform/writes/idempotency-reply.entity.js';
import { Role } from './roles/role.entity.js';
import { Organization } from './tenants/organization.entity.js';
import { Store } from './tenants/store.entity.js';
import { WebhookAttempt, WebhookDelivery } from './webhooks/delivery/delivery.entity.js';
import {
  WebhookEndpoint,
  WebhookEndpointHealth,
  WebhookSecret,
} from './webhooks/endpoints/endpoint.entity.js';

/** Every table's entity, for the one DataSource. Features meet here and nowhere else. */
export const ENTITIES = [
  AnalyticsRun,
  Audience,
  AudienceMember,
  AuditBatch,
  AuditExport,
  AuditExportRun,
  AuditVerification,
  AuditVerificationRun,
  AuditView,
  Brand,
  Campaign,
  ChangeLogRow,
  ContentPlan,
  Copy,
  Customer,
  Erasure,
  EventRow,
  ExportConfiguration,
  IdempotencyReply,
  ImageSet,
  Invitation,
  JobProgress,
  JobRowError,
  Key,
  KeyActivity,
  KeyLevel,
  KeyNotice,
  KeySecret,
  KeyUsage,
  LandingPage,
  LandingPageVersion,
  LeakReport,
  Media,
  Member,
  MemberActivity,
  MemberTotp,
  Organization,
  PasswordReset,
  Plan,
  PollingMark,
  Post,
  Product,
  QuotaLedgerRow,
  RecoveryCode,
  Report,
  RequestLogRow,
  Role,
  Session,
  SignInFailure,
  SocialAccount,
  Store,
  StoreJob,
  TotpStep,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointHealth,
  WebhookSecret,
];
