/**
 * What may change in a unit. `fixed`: written by us (hashes, enums, counts, times), no detector reads it and nothing
 * replaces it · `opaque`: a machine's id, kept unless it holds a person's data · `free`: everything from the log.
 */
export type LeafPolicy = 'fixed' | 'opaque' | 'free';

/** Roots below which keys and values are the log's. */
const FREE_JSON =
  /^\/(?:events\/\d+\/(?:toolCall\/arguments|parts\/\d+\/value)|tools\/\d+\/(?:parameters|raw)|steps\/\d+\/params|tags|externalIds)(?=\/|$)/;
const FIXED = [
  /^\/(?:schema|id|trajectoryId|rootId|unit|ruleId|cutRuleId|segmentOf)$/,
  /^\/(?:range|flags)\/\d+$/,
  /^\/eligible\//,
  /^\/outcome\//,
  /^\/events\/\d+\/(?:id|seq|kind|actor|stepId|ts|tsSource|latencyMs|attempt|retryOf|repeats|confidence)$/,
  /^\/events\/\d+\/(?:flags\/\d+|(?:raw|mirrors\/\d+)\/(?:recordNo|recordEnd|byteStart|byteEnd|sha256))$/,
  /^\/events\/\d+\/parts\/\d+\/(?:type|modality|sha256|bytes|score|opaque\/(?:sha256|bytes))$/,
  /^\/events\/\d+\/toolCall\/(?:repaired|toolSha|origin)$/,
  /^\/events\/\d+\/toolResult\/(?:status|exitCode|forEventId)$/,
  /^\/events\/\d+\/error\/(?:where|status|retryAfterMs)$/,
  /^\/events\/\d+\/feedback\/(?:target|signal|by|scale\/\d+)$/,
  /^\/steps\/\d+\/(?:id|startedAt|endedAt|latencyMs|ttftMs|finish|inputs\/\d+\/\d+|outputs\/\d+\/\d+|tools\/\d+|usage\/\w+)$/,
  /^\/tools\/\d+\/sha$/,
];
const OPAQUE = [
  /^\/events\/\d+\/(?:toolCall|toolResult)\/callId$/,
  /^\/steps\/\d+\/(?:externalId|parentExternalId|aliases\/\d+)$/,
  /^\/externalIds\/(?!user$)[^/#]+$/,
];
/** What hashes, enums and times look like; a fixed leaf of any other form is read like the rest. */
const OURS = /^[A-Za-z0-9_.:+-]{0,96}$/;

export function policyOfUnitLeaf(path: string, text: string): LeafPolicy {
  if (path.includes('#json')) return 'free';
  if (path.endsWith('#key')) return FREE_JSON.test(path.replace(/\/[^/]*#key$/, '')) ? 'free' : 'fixed';
  if (OPAQUE.some((pattern) => pattern.test(path))) return 'opaque';
  if (FIXED.some((pattern) => pattern.test(path)) && OURS.test(text)) return 'fixed';
  return 'free';
}
