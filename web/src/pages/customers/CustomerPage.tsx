// One customer: who it is, everything known, all contacts, every change.
import { App, Button, Dropdown } from 'antd';
import { useEffect } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ask } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { ActionMeta, ResourceMeta } from '../../api/shapes';
import { Bones } from '../../components/Bones';
import { Empty } from '../../components/Empty';
import { ErrorNote, problemTitle } from '../../components/ErrorNote';
import { Icon } from '../../components/Icon';
import '../../customer/customer.css';
import { CustomerFile } from '../../customer/CustomerFile';
import { CustomerHead } from '../../customer/CustomerHead';
import { CustomerTabs } from '../../customer/CustomerTabs';
import { useCustomer, type CustomerState } from '../../customer/useCustomer';
import { textOf } from '../../fields/types';
import { rememberOpened } from '../../find/recent';
import { labelIn, labelOf, useT } from '../../i18n';
import { useAsk } from '../../record/useAsk';
import { useRemoval } from '../../record/useRemoval';
import { can } from '../../store/meta';

function Acts({ resource, state }: { resource: ResourceMeta; state: CustomerState }) {
  const t = useT();
  const go = useNavigate();
  const ask_ = useAsk();
  const { message } = App.useApp();
  const removed = useRemoval(resource);
  const row = state.value;
  if (!row) return null;
  const name = textOf(row.name);
  const now = Array.isArray(row.actions) ? (row.actions as string[]) : [];
  const actions: ActionMeta[] = (resource.actions ?? []).filter((each) => now.includes(each.name));
  const act = async (action: string) => {
    const problem = await state.act(action);
    if (problem) void message.error(problemTitle(problem));
  };
  const remove = async () => {
    const what = t(can(resource, 'restore') ? 'record.delete_undo' : 'admin.delete_what');
    if (!(await ask_(t('admin.delete_ask', { kind: labelIn(resource.label), name }), what, t('admin.delete')))) return;
    try {
      await ask(`/customers/${row.id}`, { method: 'DELETE' });
      removed(row.id, name, () => void go(`/customers/${row.id}`));
      void go('/customers');
    } catch (error) {
      void message.error(asProblem(error).status === 409 ? t('admin.in_use', { name }) : problemTitle(asProblem(error)));
    }
  };
  return (
    <>
      {Boolean(row.deleted) && can(resource, 'restore') && <Button data-act="restore" onClick={() => void act('restore')}>{t('record.restore')}</Button>}
      {actions.map((action) => (
        <Button key={action.name} data-act={action.name} onClick={() => void act(action.name)}>
          {labelOf(action.label)}
        </Button>
      ))}
      {!row.deleted && can(resource, 'delete') && (
        <Dropdown trigger={['click']} placement="bottomRight" menu={{ items: [{ key: 'delete', danger: true, label: t('admin.delete_one', { kind: labelIn(resource.label) }) }], onClick: () => void remove() }}>
          <Button icon={<Icon name="more" />} aria-label={t('record.more')} data-act="more" />
        </Dropdown>
      )}
    </>
  );
}

export function CustomerPage({ resource }: { resource: ResourceMeta }) {
  const { id = '' } = useParams();
  return <Customer key={id} id={id} resource={resource} />;
}

function Customer({ id, resource }: { id: string; resource: ResourceMeta }) {
  const t = useT();
  const state = useCustomer(id);
  const name = textOf(state.value?.name);
  const go = useNavigate();
  const now = state.value?.id ?? id;
  // One that was merged leads on to whom he went into.
  useEffect(() => {
    if (now !== id) void go(`/customers/${now}`, { replace: true });
  }, [now, id, go]);
  useEffect(() => {
    if (name !== '') rememberOpened({ kind: 'customers', id, name, path: `/customers/${id}` });
  }, [id, name]);
  if (state.problem?.status === 404) return <Empty icon="find" title={t('error.gone')} />;
  if (state.problem && !state.value) return <ErrorNote problem={state.problem} again={state.again} />;
  if (!state.value) return <Bones rows={8} />;
  return (
    <div className="customer-page">
      {Boolean(state.value.deleted) && (
        <div className="lx-notice lx-notice-near" role="status">
          <span />
          <div>{t('customer.gone')}</div>
        </div>
      )}
      <div className="customer-page-head lx-card">
        <CustomerHead resource={resource} state={state} large acts={<Acts resource={resource} state={state} />} />
      </div>
      <div className="customer-columns">
        <section className="lx-card customer-aside" aria-label={t('customer.file')}>
          <div className="lx-card-head">
            <h2>{t('customer.file')}</h2>
          </div>
          <CustomerFile resource={resource} state={state} />
        </section>
        <section className="lx-card customer-main" aria-label={name}>
          <CustomerTabs resource={resource} state={state} current={null} file={false} />
        </section>
      </div>
    </div>
  );
}
