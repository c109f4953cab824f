import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables/tables.ts'

/** One line of the description, and the table, view or function it belongs to. */
export interface CatalogueLine {
  readonly owner: string
  readonly text: string
}

/** The migration ledger belongs to the migration library and changes with it. */
const OWN_RELATION = sql`
  c.relnamespace = 'public'::regnamespace and not c.relispartition
  and c.relname not like 'kysely\\_%'`

/** Columns of tables and views, in their order. */
export function selectColumns(db: Kysely<Tables>): Promise<readonly CatalogueLine[]> {
  return lines(db)`
    select c.relname as owner,
           a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
           || case when co.collname is not null and co.collname <> 'default'
                   then format(' collate "%s"', co.collname) else '' end
           || case when a.attnotnull then ' not null' else '' end
           || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as text
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_collation co on co.oid = a.attcollation
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relkind in ('r', 'p', 'v') and ${OWN_RELATION}
    order by c.relname, a.attnum`
}

/** Keys and checks; NOT NULL, which is a constraint from PostgreSQL 18 on, is told with the column. */
export function selectConstraints(db: Kysely<Tables>): Promise<readonly CatalogueLine[]> {
  return lines(db)`
    select c.relname as owner, format('%s: %s', k.conname, pg_get_constraintdef(k.oid)) as text
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    where k.contype in ('p', 'u', 'f', 'c') and ${OWN_RELATION}
    order by c.relname, k.contype = 'p' desc, k.conname collate "C"`
}

/** Indexes that no constraint stands for. */
export function selectIndexes(db: Kysely<Tables>): Promise<readonly CatalogueLine[]> {
  return lines(db)`
    select c.relname as owner, pg_get_indexdef(i.indexrelid) as text
    from pg_index i
    join pg_class c on c.oid = i.indrelid
    where ${OWN_RELATION}
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
    order by c.relname, i.indexrelid::regclass::text collate "C"`
}

/** The yearly partitions of each partitioned table, in one line. */
export function selectPartitions(db: Kysely<Tables>): Promise<readonly CatalogueLine[]> {
  return lines(db)`
    select c.relname as owner,
           format('partitioned by %s: %s partitions, %s %s to %s %s',
                  pg_get_partkeydef(c.oid), count(*),
                  min(p.relname), (array_agg(b.bound order by p.relname))[1],
                  max(p.relname), (array_agg(b.bound order by p.relname desc))[1]) as text
    from pg_class c
    join pg_inherits i on i.inhparent = c.oid
    join pg_class p on p.oid = i.inhrelid
    cross join lateral pg_get_expr(p.relpartbound, p.oid) as b (bound)
    where c.relkind = 'p' and ${OWN_RELATION}
    group by c.oid, c.relname
    order by c.relname`
}

/** What views select. */
export function selectViews(db: Kysely<Tables>): Promise<readonly CatalogueLine[]> {
  return lines(db)`
    select c.relname as owner, pg_get_viewdef(c.oid) as text
    from pg_class c
    where c.relkind = 'v' and ${OWN_RELATION}
    order by c.relname`
}

/** Functions with their bodies, and aggregates with what they are made of. */
export function selectFunctions(db: Kysely<Tables>): Promise<readonly CatalogueLine[]> {
  return lines(db)`
    select format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)) as owner,
           format('returns %s, ', pg_get_function_result(p.oid))
           || case when a.aggfnoid is null
                then case p.provolatile when 'i' then 'immutable' when 's' then 'stable'
                                        else 'volatile' end || p.prosrc
                else format('aggregate of %s from %s', a.aggtransfn, a.agginitval) end as text
    from pg_proc p
    left join pg_aggregate a on a.aggfnoid = p.oid
    where p.pronamespace = 'public'::regnamespace
    order by p.proname, pg_get_function_identity_arguments(p.oid)`
}

type Query = (
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<readonly CatalogueLine[]>

function lines(db: Kysely<Tables>): Query {
  return async (strings, ...values) => {
    const { rows } = await sql<CatalogueLine>(strings, ...values).execute(db)
    return rows
  }
}
