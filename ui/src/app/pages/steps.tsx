// The way of a download as a vertical line of steps with their times.
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { IconName } from '../../shared/icons';
import type { ExportRequest } from '../api';

export type StepState = 'done' | 'now' | 'later' | 'failed';
export type StepName = 'asked' | 'kept' | 'ready' | 'mailed' | 'downloaded' | 'ends';
export interface Step {
  name: StepName;
  state: StepState;
  time: string | null;
}

// The first step that is not done is the one in progress, unless the request is over.
export function stepsOf(request: ExportRequest): Step[] {
  const { mail } = request;
  const over = ['expired', 'cancelled', 'failed'].includes(request.state);
  const done: [StepName, string | null][] = [
    ['asked', request.asked_at],
    ['kept', request.as_of],
    ['ready', request.ready_at],
    ['mailed', mail.sent_at],
    ['downloaded', request.downloaded_at],
  ];
  let current = !over;
  const steps = done.map(([name, time]): Step => {
    if (time !== null) return { name, state: 'done', time };
    if (
      name === 'mailed' &&
      request.ready_at !== null &&
      (mail.state === 'failed' || mail.state === 'not_configured')
    ) {
      return { name, state: 'failed', time };
    }
    if (!current) return { name, state: over && name !== 'downloaded' && name !== 'mailed' ? 'failed' : 'later', time };
    current = false;
    return { name, state: 'now', time };
  });
  if (request.ends_at !== null && request.state !== 'cancelled' && request.state !== 'failed') {
    steps.push({ name: 'ends', state: request.state === 'expired' ? 'done' : 'later', time: request.ends_at });
  }
  return steps;
}

const icons: Partial<Record<StepState, IconName>> = { done: 'check', failed: 'care' };

export function Steps({ request }: { request: ExportRequest }) {
  const { t, f } = useWords();
  const note = (step: Step) => {
    if (step.name !== 'mailed')
      return step.time !== null ? f.moment(step.time) : step.name === 'downloaded' ? t.request.notYet : '';
    const address = t.request.mailTo(request.mail.address);
    if (step.time !== null) return `${f.moment(step.time)}, ${address}`;
    return step.state === 'now' ? `${t.request.mailQueued}, ${address}` : address;
  };
  return (
    <ol class="steps">
      {stepsOf(request).map((step) => (
        <li
          key={step.name}
          class={`step step-${step.state}`}
          {...(step.state === 'now' ? { 'aria-current': 'step' } : {})}
        >
          <span class="step-dot">{icons[step.state] && <Icon name={icons[step.state] ?? 'check'} size={16} />}</span>
          <span class="step-text">
            <strong>
              {step.name === 'ends' && step.state === 'done' ? t.request.steps.ended : t.request.steps[step.name]}
            </strong>
            <span class="visually-hidden">, {t.request.stepState[step.state]}, </span>
            <small>{note(step)}</small>
          </span>
        </li>
      ))}
    </ol>
  );
}
