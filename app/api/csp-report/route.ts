import { directiveOf, readReport } from '#lib/http/csp-report.ts';
import { log } from '#lib/store/log.ts';

export const dynamic = 'force-dynamic';

/** Anyone's browser may send here, so nothing but the directive's name is kept, and the answer never says what was made of it. */
export async function POST(request: Request): Promise<Response> {
  const directive = directiveOf(await readReport(request));
  if (directive) log.warn('content security policy broken', { code: directive });
  return new Response(null, { status: 204 });
}
