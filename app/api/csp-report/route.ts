import { takeReport } from '#lib/http/csp-report.ts';

export const dynamic = 'force-dynamic';

/** Open to anyone; the answer never says what was made of it. */
export async function POST(request: Request): Promise<Response> {
  await takeReport(request);
  return new Response(null, { status: 204 });
}
