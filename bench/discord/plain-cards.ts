import { decideApproval } from "#src/approval/decide-approval.ts";
import { describeSubject } from "#src/approval/request-approval.ts";
import type { Card } from "#src/card/card.ts";
import type { Approval, Store } from "#src/store/store.ts";
import type { CardSource } from "#bots/discord/card-source.ts";

function cardOf(approval: Approval): Card {
  const isOpen = approval.state === "pending";
  return {
    kind: "approval",
    subject: approval.id,
    title: `Approve ${describeSubject(approval)}? · ${approval.id}`,
    text: approval.why,
    fields: [],
    graph: null,
    footer: null,
    expiresAt: isOpen ? approval.expiresAt : null,
    state: isOpen ? "open" : "decided",
    outcome: isOpen ? null : `${approval.state} by ${approval.decidedBy}`,
    buttons: isOpen
      ? [
          { action: "approve", label: "Approve", style: "primary" },
          { action: "reject", label: "Reject", style: "danger" },
          { action: "details", label: "Details", style: "secondary" },
        ]
      : [],
  };
}

/** Cards of few words over the real decisions: what is measured is how the bot shows and answers them. */
export function plainCards(store: Store): CardSource {
  return {
    approval: (_run, approval) => Promise.resolve(cardOf(approval)),
    proposal: () => Promise.resolve(null),
    details: (subject) => Promise.resolve(`Details of ${subject}`),
    form: () =>
      Promise.resolve({ title: "Reject", fields: [{ name: "reason", label: "Why?", value: "", isLong: true, isRequired: false }] }),
    async perform({ subject, action, key }, person, values) {
      const approval = await store.approvals.find(subject);
      const shown = approval?.key.startsWith(key) === true ? approval.key : key;
      const to = action === "reject" ? "rejected" : "approved";
      const reason = values["reason"] ?? null;
      const decided = await decideApproval(store, { id: subject, key: shown, to, by: person.name, role: person.role, reason });
      return { text: `${decided.id} is ${decided.state}.`, proposal: null };
    },
  };
}
