/** One case of the eval set against its contract: codes E01 and E02. */
import { isObject, type Json, type JsonObject } from '../trajectory/json.ts';
import type { Report } from './check-messages.ts';

const CATEGORIES = new Set(['simple', 'multiple', 'parallel', 'parallel_multiple', 'irrelevance', 'answer']);
const LEVEL = /^L[0-5]$/;
const QUESTION_ROLES = new Set(['system', 'user', 'assistant', 'tool']);

export function checkEvalRow(row: JsonObject, report: Report): void {
  const bad = (path: string, why: string) => report('E01', path, why);
  if (typeof row.category !== 'string' || !CATEGORIES.has(row.category)) bad('/category', 'no category of section 12');
  if (typeof row.level !== 'string' || !LEVEL.test(row.level)) bad('/level', 'L0 to L5 is due');
  if (typeof row.group !== 'string' || row.group === '') bad('/group', 'a string is due');
  checkQuestion(row.question, bad);
  const offered = checkFunctions(row.function, bad);
  checkAnswers(row, offered, report);
  checkTeacher(row.teacher, offered, report);
}

type Bad = (path: string, why: string) => void;

function checkQuestion(question: Json | undefined, bad: Bad): void {
  if (!Array.isArray(question) || question.length === 0) {
    bad('/question', 'a list of turns is due');
    return;
  }
  for (const [turnIndex, turn] of question.entries()) {
    if (!Array.isArray(turn) || turn.length === 0) bad(`/question/${turnIndex}`, 'a turn is a list of messages');
    else {
      for (const [index, message] of turn.entries()) {
        const isMessage =
          isObject(message) && QUESTION_ROLES.has(String(message.role)) && typeof message.content === 'string';
        if (!isMessage) bad(`/question/${turnIndex}/${index}`, 'a message has a role and a content');
      }
    }
  }
}

/** @returns names of the functions, undefined when they can't be told */
function checkFunctions(functions: Json | undefined, bad: Bad): ReadonlySet<string> | undefined {
  if (!Array.isArray(functions)) {
    bad('/function', 'a list of functions is due');
    return undefined;
  }
  const names = new Set<string>();
  for (const [index, offered] of functions.entries()) {
    const isFunction = isObject(offered) && typeof offered.name === 'string' && isObject(offered.parameters);
    if (isFunction) names.add(offered.name as string);
    else bad(`/function/${index}`, 'a function has a name and parameters');
  }
  return names;
}

const CALLS_DUE: Record<string, (calls: number) => boolean> = {
  simple: (calls) => calls === 1,
  multiple: (calls) => calls === 1,
  parallel: (calls) => calls >= 1,
  parallel_multiple: (calls) => calls >= 1,
  irrelevance: (calls) => calls === 0,
  answer: (calls) => calls === 0,
};

function checkAnswers(row: JsonObject, offered: ReadonlySet<string> | undefined, report: Report): void {
  const { ground_truth: answers, category } = row;
  if (!Array.isArray(answers)) {
    report('E01', '/ground_truth', 'a list of answers is due');
    return;
  }
  const isDue = CALLS_DUE[String(category)];
  if (isDue && !isDue(answers.length)) report('E01', '/ground_truth', `not the count of answers that ${category} has`);
  for (const [index, answer] of answers.entries()) {
    const path = `/ground_truth/${index}`;
    const names = isObject(answer) ? Object.keys(answer) : [];
    if (!isObject(answer) || names.length !== 1 || !isObject(answer[names[0]!])) {
      report('E01', path, 'an answer is {"name":{"parameter":[accepted values]}}');
      continue;
    }
    const [name] = names as [string];
    if (offered && !offered.has(name)) report('E02', path, 'no function of this name');
    const accepted = answer[name] as JsonObject;
    if (!Object.values(accepted).every((values) => Array.isArray(values) && values.length > 0)) {
      report('E01', path, 'each parameter has a list of accepted values');
    }
  }
}

function checkTeacher(teacher: Json | undefined, offered: ReadonlySet<string> | undefined, report: Report): void {
  const isTeacher = isObject(teacher) && Array.isArray(teacher.calls) && typeof teacher.content === 'string';
  if (!isTeacher) {
    report('E01', '/teacher', 'the teacher has calls and content');
    return;
  }
  for (const [index, call] of (teacher.calls as Json[]).entries()) {
    const path = `/teacher/calls/${index}`;
    if (!isObject(call) || typeof call.name !== 'string' || !isObject(call.arguments))
      report('E01', path, 'a call has a name and arguments');
    else if (offered && !offered.has(call.name)) report('E02', path, 'no function of this name');
  }
}
