'use server';
import { action } from '#lib/http/action.ts';
import { OpenAdjudication, openAdjudication } from '#lib/usecases/adjudicate/open-adjudication.ts';
import { drawSample, NewSample } from '#lib/usecases/audit/draw-sample.ts';
import { SealPlan, sealPlan } from '#lib/usecases/audit/residual-risk.ts';
import { NewSweep, openSweep } from '#lib/usecases/sweep/sweep.ts';

export const draw = action('audit.draw', NewSample, drawSample);
export const seal = action('audit.seal', SealPlan, sealPlan);
export const adjudicate = action('audit.adjudicate', OpenAdjudication, openAdjudication);
export const sweep = action('audit.sweep', NewSweep, openSweep);
