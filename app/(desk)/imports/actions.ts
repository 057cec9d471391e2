'use server';
import { action } from '#lib/http/action.ts';
import { ChangedTerms, changeTerms, NewSource, registerSource } from '#lib/usecases/imports/sources.ts';
import { changeRun, RunControl } from '#lib/usecases/jobs/show-runs.ts';

export const register = action('sources', NewSource, registerSource);
export const change = action('sources', ChangedTerms, changeTerms);
export const control = action('job.control', RunControl, changeRun);
