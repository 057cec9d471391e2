'use server';
import { action } from '#lib/http/action.ts';
import { MarkSteps, markSteps } from '#lib/usecases/steps/mark-steps.ts';

export const mark = action('steps.mark', MarkSteps, markSteps);
