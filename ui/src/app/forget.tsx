// "Forget…": says what will go before it goes, asks who one is, and then it is gone.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Alert, showWhole } from '../shared/components';
import { useWords } from '../shared/i18n';
import type { Messages } from '../shared/messages_en';
import { api } from './api';
import type { Forgotten, ToForget } from './api';
import { confirmElsewhere, ConfirmField, useConfirm } from './confirm';
import { focusWrong } from './pages/edit';
import { explain } from './session';

// "1 post, 2 photos or videos (3.1 MB)"
function whatGoes(t: Messages, bytes: (n: number) => string, { forgotten }: Forgotten): string[] {
  const { records, media, media_bytes } = forgotten;
  const kinds: Record<string, (n: number) => string> = t.forget.kinds;
  return [
    ...Object.entries(records).map(([kind, n]) => (kinds[kind] ?? t.forget.kinds.other)(n ?? 0)),
    ...(media > 0 ? [t.forget.media(media, bytes(media_bytes))] : []),
  ];
}

function Question({
  account,
  what,
  close,
  gone,
}: {
  account: string;
  what: ToForget;
  close: () => void;
  gone: (answer: Forgotten) => void;
}) {
  const { t, f } = useWords();
  const confirm = useConfirm(account);
  const [preview, setPreview] = useState<Forgotten>();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const question = useRef<HTMLHeadingElement>(null);
  useEffect(() => question.current?.focus(), []);
  // It grows when it has heard what will go.
  useEffect(() => showWhole(question.current), [preview]);
  useEffect(() => {
    api.previewForget(account, what).then(setPreview, (error: unknown) => setProblem(explain(t, error)));
  }, [account]);
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setProblem('');
    if (!confirm.check()) return focusWrong(form);
    if (confirm.way === 'hand_off') return confirmElsewhere(confirm, () => undefined);
    setBusy(true);
    try {
      gone(await api.forget(account, { ...confirm.body, ...what }));
    } catch (error) {
      if (!confirm.refused(error)) setProblem(explain(t, error));
      focusWrong(form);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="card confirm" onSubmit={(event) => void submit(event)} noValidate>
      <h2 ref={question} tabIndex={-1}>
        {t.forget.ask}
      </h2>
      {preview && (
        <>
          <ul>
            {whatGoes(t, f.bytes, preview).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p>{t.forget.everywhere}</p>
          {preview.cancelled_requests.length > 0 && (
            <Alert tone="care">{t.forget.cancels(preview.cancelled_requests.length)}</Alert>
          )}
        </>
      )}
      <ConfirmField confirm={confirm} before={() => undefined} />
      {problem && <Alert tone="stop">{problem}</Alert>}
      <div class="actions">
        <button type="submit" class="button button-stop" disabled={busy || !preview}>
          {t.forget.yes}
        </button>
        <button type="button" class="button" onClick={close}>
          {t.forget.no}
        </button>
      </div>
    </form>
  );
}

// The quiet button, and what opens under it. `gone`: it is not here any more.
export function Forget({
  account,
  what,
  label,
  gone,
}: {
  account: string;
  what: ToForget;
  label?: string;
  gone: () => void;
}) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    // The focus goes back to where it came from.
    setTimeout(() => button.current?.focus());
  };
  if (waiting) return <Alert tone="info">{t.forget.waiting}</Alert>;
  if (open) {
    const done = (answer: Forgotten) => (answer.state === 'waiting' ? setWaiting(true) : gone());
    return <Question account={account} what={what} close={close} gone={done} />;
  }
  return (
    <button
      type="button"
      ref={button}
      class="button button-quiet"
      {...(label ? { 'aria-label': label } : {})}
      onClick={() => setOpen(true)}
    >
      {t.forget.button}
    </button>
  );
}
