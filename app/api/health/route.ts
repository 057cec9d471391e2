import { checkHealth } from '#lib/usecases/upkeep/check-health.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const status = await checkHealth();
  return Response.json({ status }, { status: status === 'ok' ? 200 : 503 });
}
