import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Interaction } from '../../api/shapes';
import { filtersOf, useList } from '../../api/useList';
import { Empty } from '../../components/Empty';
import { ListTable } from '../../components/ListTable';
import { useT } from '../../i18n';
import { onEvent } from '../../store/live';
import { useMeta } from '../../store/meta';
import { ViewStart } from '../../views/ViewStart';
import { interactionColumns } from './columns';
import { Filters } from './Filters';
import './interactions.css';

// True once a call began or ended since the list was read: the reader decides when the rows move.
function useStale(readAt: number): boolean {
  const [changedAt, setChangedAt] = useState(0);
  useEffect(
    () =>
      onEvent((event) => {
        if (event.kind === 'interaction.started' || event.kind === 'interaction.ended') setChangedAt(Date.now());
      }),
    [],
  );
  return changedAt > readAt;
}

function Contacts() {
  const t = useT();
  const list = useList<Interaction>('interactions', '-started');
  const stale = useStale(list.load.at);
  const go = useNavigate();
  const filtered = filtersOf(list.params).length > 0;
  const empty = filtered ? (
    <Empty icon="find" title={t('calls.no_match')} text={t('calls.no_match_what')} />
  ) : (
    <Empty icon="phone" title={t('calls.empty')} text={t('calls.empty_what_plain')} />
  );
  return (
    <div className="lx-page calls-page">
      <div className="lx-page-head">
        <h1>{t('calls.title')}</h1>
        <span className="lx-t2">{t('calls.about')}</span>
        {stale && (
          <Button type="link" size="small" onClick={list.load.again}>
            {t('list.refresh')}
          </Button>
        )}
      </div>
      <Filters list={list} />
      <ListTable label={t('calls.title')} list={list} columns={interactionColumns()} empty={empty} onOpen={(row) => void go(`/interactions/${row.id}`)} />
    </div>
  );
}

export function InteractionsPage() {
  const { meta } = useMeta();
  const resource = meta?.resources.find(({ plural }) => plural === 'interactions');
  // The list needs no descriptor; its views do.
  if (!resource) return meta ? <Contacts /> : null;
  return (
    <ViewStart resource={resource}>
      <Contacts />
    </ViewStart>
  );
}
