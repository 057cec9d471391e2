/** Whether a tool failed, when the format does not say so itself. */
import type { Part } from '../trajectory/event.ts';
import { isObject, type Json, JsonNumber } from '../trajectory/json.ts';
import type { DraftEvent } from './adapter.ts';
import { parseJson } from './parse-json.ts';

const FAILED = ['Error:', 'ERROR:', 'Traceback (most recent call last)', 'Exception:'];

/** @returns `inferred` when the text decided; an exit code other than 0 is an explicit mark */
export function inferStatus(
  parts: readonly Part[],
  result: DraftEvent['result'],
): { status: 'ok' | 'error' | 'unknown'; inferred: boolean } {
  if (result?.status !== undefined) return { status: result.status, inferred: false };
  if (result?.exitCode !== undefined) return { status: result.exitCode === 0 ? 'ok' : 'error', inferred: false };
  const first = parts.find((part) => part.type === 'text' || part.type === 'json');
  if (first?.type === 'json')
    return hasError(first.value) ? { status: 'error', inferred: true } : { status: 'unknown', inferred: false };
  if (first?.type !== 'text') return { status: 'unknown', inferred: false };
  const text = first.text.trimStart();
  if (FAILED.some((mark) => text.startsWith(mark))) return { status: 'error', inferred: true };
  if (text.startsWith('{') && text.includes('"error"')) {
    const reading = parseJson(text);
    if (reading.ok && hasError(reading.value)) return { status: 'error', inferred: true };
  }
  return { status: 'unknown', inferred: false };
}

function hasError(value: Json): boolean {
  if (!isObject(value)) return false;
  const error = value.error;
  if (error === undefined || error === null || error === false || error === '') return false;
  if (error instanceof JsonNumber) return error.valueOf() !== 0;
  if (Array.isArray(error)) return error.length > 0;
  if (isObject(error)) return Object.keys(error).length > 0;
  return error !== 0;
}
