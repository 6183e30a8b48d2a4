// A hand-off that did not work: one page for every reason.
import { useEffect } from 'preact/hooks';
import { Mark } from '../../shared/icons';
import { PageTitle } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Frame, useTitle } from '../layout';

export function HandOffPage() {
  const { t } = useWords();
  useTitle(t.handOff.title);
  // The token is of no use any more; it need not stay in the history.
  useEffect(() => history.replaceState(null, '', '/hand-off'), []);
  return (
    <Frame>
      <div class="alone">
        <Mark size={72} />
        <PageTitle>{t.handOff.title}</PageTitle>
        <p class="lead">{t.handOff.text}</p>
      </div>
    </Frame>
  );
}
