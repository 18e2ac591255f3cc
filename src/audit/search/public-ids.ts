import { fromPublicId, ID_PREFIX, type IdKind, toPublicId } from '../../platform/ids/index.js';

/** What the change log calls things, and which kind of id they have. */
const KINDS: Readonly<Record<string, IdKind>> = {
  organization: 'organization',
  store: 'store',
  member: 'member',
  invitation: 'invitation',
  role: 'role',
  key: 'key',
  key_secret: 'keySecret',
  leak_report: 'leakReport',
  campaign: 'campaign',
  post: 'post',
  content_plan: 'contentPlan',
  social_account: 'socialAccount',
  product: 'product',
  audience: 'audience',
  customer: 'customer',
  audience_member: 'audienceMember',
  landing_page: 'landingPage',
  landing_page_version: 'landingPageVersion',
  job: 'job',
  media: 'media',
  brand: 'brand',
  copy: 'copy',
  image_set: 'imageSet',
  webhook_endpoint: 'webhook',
  webhook_secret: 'webhookSecret',
  audit_view: 'auditView',
  audit_export: 'auditExport',
  audit_verification: 'auditVerification',
  analytics_report: 'report',
  analytics_export: 'exportConfiguration',
  analytics_run: 'analyticsRun',
};

/** Columns that name something of another kind than the row itself. */
const COLUMN_KINDS: Readonly<Record<string, IdKind>> = {
  organization_id: 'organization',
  store_id: 'store',
  live_store_id: 'store',
  member_id: 'member',
  owner_id: 'member',
  invited_by: 'member',
  role_id: 'role',
  key_id: 'key',
  secret_id: 'keySecret',
  endpoint_id: 'webhook',
  audience_id: 'audience',
  customer_id: 'customer',
  page_id: 'landingPage',
  campaign_id: 'campaign',
  job_id: 'job',
  report_id: 'report',
  export_id: 'exportConfiguration',
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a row is called outside; the text itself where it has no id of ours, such as a plan. */
export function publicEntityId(entity: string, id: string | null): string | null {
  return id === null ? null : publicIdOf(KINDS[entity], id);
}

/** A row's columns, with the ids in them as the API has them. */
export function withPublicIds(
  entity: string,
  columns: Record<string, unknown> | null,
): Record<string, unknown> | null {
  if (columns === null) return null;
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value];
      return [name, publicIdOf(name === 'id' ? KINDS[entity] : COLUMN_KINDS[name], value)];
    }),
  );
}

/** The kind of thing that a public id names, as the change log calls it, and the UUID inside; undefined for no such id. */
export function entityOfPublicId(text: string): { entity: string; id: string } | undefined {
  for (const [entity, kind] of Object.entries(KINDS)) {
    if (!text.startsWith(`${ID_PREFIX[kind]}_`)) continue;
    const id = fromPublicId(kind, text);
    if (id !== undefined) return { entity, id };
  }
  return undefined;
}

function publicIdOf(kind: IdKind | undefined, value: string): string {
  return kind !== undefined && UUID.test(value) ? toPublicId(kind, value) : value;
}
