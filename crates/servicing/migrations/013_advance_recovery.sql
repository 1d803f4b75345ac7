-- What was recovered of each paid advance and what is owed of it (rules `advance.recovered`, `advance.within-due`): what
-- was paid on the instalment since goes to its advances in the order in which they were paid, each fen to one of them
-- alone, and so does what is still unpaid of it. The same sums as `recovered` and `owed` of desk/advance/rules.rs.
create view advance_recovery as
  select z.customer_id, z.id, z.loan_id, z.instalment_no, z.recovered_fen,
    case when z.outstanding_fen <= z.open_before_fen then 0
      when z.outstanding_fen - z.open_before_fen >= z.amount_fen - z.recovered_fen then z.amount_fen - z.recovered_fen
      else z.outstanding_fen - z.open_before_fen end as owed_fen
  from (
    -- What is not recovered of the advances before.
    select y.customer_id, y.id, y.loan_id, y.instalment_no, y.amount_fen, y.recovered_fen, y.outstanding_fen,
      cast(sum(y.amount_fen - y.recovered_fen) over (
        partition by y.customer_id, y.loan_id, y.instalment_no order by y.paid_on, y.paid_before_fen, y.id
      ) - (y.amount_fen - y.recovered_fen) as bigint) as open_before_fen
    from (
      select x.customer_id, x.id, x.loan_id, x.instalment_no, x.paid_on, x.paid_before_fen, x.amount_fen,
        x.outstanding_fen,
        case when x.paid_now_fen <= x.from_fen then 0
          when x.paid_now_fen - x.from_fen >= x.amount_fen then x.amount_fen
          else x.paid_now_fen - x.from_fen end as recovered_fen
      from (
        -- From which sum of payments on an advance is recovered: after its own payment, and after those before it are.
        select w.customer_id, w.id, w.loan_id, w.instalment_no, w.paid_on, w.paid_before_fen, w.amount_fen,
          w.paid_now_fen, w.outstanding_fen,
          cast(w.advanced_before_fen + max(w.paid_before_fen - w.advanced_before_fen) over (
            partition by w.customer_id, w.loan_id, w.instalment_no order by w.paid_on, w.paid_before_fen, w.id
          ) as bigint) as from_fen
        from (
          select r.customer_id, r.id, r.loan_id, r.instalment_no, a.paid_on, r.paid_before_fen, r.amount_fen,
            coalesce(i.principal_paid_fen + i.interest_paid_fen, 0) as paid_now_fen,
            coalesce(i.outstanding_fen, 0) as outstanding_fen,
            cast(sum(r.amount_fen) over (
              partition by r.customer_id, r.loan_id, r.instalment_no order by a.paid_on, r.paid_before_fen, r.id
            ) - r.amount_fen as bigint) as advanced_before_fen
          from advance r
          join advance_list a on a.id = r.list_id
          left join loan_instalment i on i.customer_id = r.customer_id and i.loan_id = r.loan_id
            and i.no = r.instalment_no
          where r.state = 'paid'
        ) w
      ) x
    ) y
  ) z;
