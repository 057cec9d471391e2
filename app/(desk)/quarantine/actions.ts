'use server';
import { action } from '#lib/http/action.ts';
import { NewMapping, PreviewInput, saveMapping, tryMapping } from '#lib/usecases/imports/mappings.ts';
import { RetryInput, retryQuarantined } from '#lib/usecases/imports/retry-quarantine.ts';

export const retry = action('quarantine.retry', RetryInput, retryQuarantined);
export const preview = action('mapping.preview', PreviewInput, tryMapping);
export const save = action('mapping.save', NewMapping, saveMapping);
