/** Failed model calls in the error shapes of the providers. */
import type { ErrorInfo } from '../../trajectory/event.ts';
import { isObject, type Json, stringify } from '../../trajectory/json.ts';
import { asNumber, asObject, asText, dig, firstText } from './json-access.ts';

const RETRYABLE =
  /rate_limit|overloaded|timeout|temporar|unavailable|RESOURCE_EXHAUSTED|internal_server|server_error|api_error/i;

/** @param value an error object, text, or a body that holds one under `error` */
export function readError(
  value: Json | undefined,
  where: ErrorInfo['where'] = 'provider',
  status?: number,
): ErrorInfo | undefined {
  if (value === undefined || value === null || value === '' || value === false) return undefined;
  if (typeof value === 'string') return { where, ...(status !== undefined && { status }), message: value };
  if (!isObject(value)) return { where, message: stringify(value) };
  const inner = asObject(value.error) ?? value;
  const type = firstText(inner, 'type', 'error_type', 'exception_type', 'error_class') ?? asText(inner.status);
  const code = asText(inner.code) ?? (asNumber(inner.code) === undefined ? undefined : String(inner.code));
  const http =
    status ??
    asNumber(inner.status_code) ??
    asNumber(inner.http_status) ??
    httpStatus(inner.code) ??
    asNumber(inner.status);
  const message = firstText(inner, 'message', 'error_message', 'detail', 'error') ?? stringify(inner);
  const error: ErrorInfo = {
    where,
    ...(type !== undefined && { type }),
    ...(code !== undefined && code !== type && { code }),
    ...(http !== undefined && { status: http }),
    message,
  };
  if (http === 429 || (http !== undefined && http >= 500) || RETRYABLE.test(`${type ?? ''} ${code ?? ''}`))
    error.retryable = true;
  const delay = retryDelayMs(inner);
  if (delay !== undefined) error.retryAfterMs = delay;
  return error;
}

function httpStatus(code: Json | undefined): number | undefined {
  const number = typeof code === 'string' ? Number(code) : asNumber(code);
  return number !== undefined && number >= 400 && number < 600 ? number : undefined;
}

/** Google's `RetryInfo.retryDelay` ("20s"), or a `retry_after` in seconds. */
function retryDelayMs(error: Json): number | undefined {
  const details = dig(error, 'details');
  for (const detail of Array.isArray(details) ? details : []) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asText(asObject(detail)?.retryDelay) ?? '');
    if (seconds) return Number(seconds[1]) * 1000;
  }
  const after = asNumber(dig(error, 'retry_after'));
  return after === undefined ? undefined : after * 1000;
}
