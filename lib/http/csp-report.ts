import { log } from '#lib/store/log.ts';

/** What browsers send when a page breaks its Content-Security-Policy, by either of the two ways they know. */

const MAX_REPORT_BYTES = 16_384;
/** The directives of `contentSecurity`; a report that names another did not come from a page of ours. */
const DIRECTIVES =
  /^(default|script|style|img|font|connect|object)-src(-elem|-attr)?$|^(form-action|base-uri|frame-ancestors)$/;

/** Nothing but the directive's name is kept of what anyone's browser may send. */
export async function takeReport(request: Request): Promise<void> {
  const directive = directiveOf(await readReport(request));
  if (directive) log.warn('content security policy broken', { code: directive });
}

/** @returns undefined for what is too long or no JSON; a stranger learns nothing from it */
export async function readReport(request: Request): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REPORT_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** @param report `{"csp-report": {"violated-directive"}}` (report-uri) or `[{"body": {"effectiveDirective"}}]` (Reporting API) */
export function directiveOf(report: unknown): string | undefined {
  const first = Array.isArray(report) ? report[0]?.body : (report as Record<string, unknown> | null)?.['csp-report'];
  const of = (first ?? {}) as Record<string, unknown>;
  const said = of['effective-directive'] ?? of.effectiveDirective ?? of['violated-directive'];
  const name = typeof said === 'string' ? said.split(' ', 1)[0]! : '';
  return DIRECTIVES.test(name) ? name : undefined;
}
