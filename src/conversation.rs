//! Runs one turn: the one place that joins the dialog to the world.
//!
//! Load the state, understand, step, perform what the step asks for, step again with the outcome, save. One turn at a time per
//! conversation: a lock orders the turns of this process, and the store refuses a turn that another process has overtaken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::broadcast;

use crate::booking::core::{Actor, AvailabilityCore};
use crate::booking::identity::Phone;
use crate::booking::refusal::Refusal;
use crate::booking::waiting::WaitingList;
use crate::channel::turn::{Channel, Event, Inbound, Outbound, Reply, Status};
use crate::clock::{Clock, to_athens};
use crate::dialog::io::{Answered, Waiting};
use crate::dialog::{Engine, Input, Outcome, Record, Request, State, World};
use crate::knowledge::{CurrentKnowledge, Knowledge};
use crate::nlu::Context;
use crate::shortening::Shortening;
use crate::store::{CallbackRequest, Handoff, NewConversation, SaveTurn, Store, StoreError, StoredConversation};

/// More requests than any turn makes; reaching it means that the dialog asks in circles.
const MOST_REQUESTS: usize = 12;
/// Turns that a slow reader of the event stream may fall behind before it has to replay.
const STREAM_BACKLOG: usize = 32;

/// A conversation just begun.
#[derive(Debug, Clone, Serialize)]
pub struct Started {
    /// Its id.
    pub id: String,
    /// The secret that whoever goes on with it must show; it is stored only as a hash.
    pub token: String,
    /// The greeting, turn 0.
    #[serde(flatten)]
    pub greeting: Outbound,
}

/// One turn as it is replayed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Exchange {
    /// What came in; absent at turn 0.
    #[serde(rename = "in")]
    pub inbound: Option<Inbound>,
    /// What went out.
    #[serde(rename = "out")]
    pub outbound: Outbound,
}

/// Why a turn was not run; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ConversationError {
    /// No such conversation, or the token is not its own.
    #[error("no such conversation")]
    NotFound,
    /// It has ended.
    #[error("the conversation has ended")]
    Ended,
    /// The text is longer than allowed.
    #[error("the message is longer than {0} characters")]
    TooLong(usize),
    /// The idempotency key was used with another message.
    #[error("the idempotency key was used with another message")]
    KeyReused,
    /// Another turn of this conversation was saved in between.
    #[error("another turn came in between")]
    Conflict,
    /// The store did not answer.
    #[error("the store is unavailable")]
    Store(#[source] anyhow::Error),
}

impl From<StoreError> for ConversationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            other => Self::Store(other.into()),
        }
    }
}

/// Every conversation of this process.
pub struct Conversations {
    knowledge: Arc<CurrentKnowledge>,
    core: Arc<dyn AvailabilityCore>,
    waiting: Option<Arc<dyn WaitingList>>,
    store: Store,
    clock: Clock,
    max_text: usize,
    shortening: Option<Shortening>,
    /// Messages can be sent to mobile telephones.
    can_send: bool,
    turns: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    streams: Mutex<HashMap<String, broadcast::Sender<Exchange>>>,
}

impl std::fmt::Debug for Conversations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Conversations")
    }
}

impl Conversations {
    /// Conversations over this knowledge, core and store; `max_text` characters a message at the most.
    #[must_use]
    pub fn new(
        knowledge: Arc<CurrentKnowledge>,
        core: Arc<dyn AvailabilityCore>,
        waiting: Option<Arc<dyn WaitingList>>,
        store: Store,
        clock: Clock,
        max_text: usize,
    ) -> Self {
        let (turns, streams) = (Mutex::default(), Mutex::default());
        Self { knowledge, core, waiting, store, clock, max_text, shortening: None, can_send: false, turns, streams }
    }

    /// The same with long explanations shortened.
    #[must_use]
    pub fn shortened(self, shortening: Option<Shortening>) -> Self {
        Self { shortening, ..self }
    }

    /// The same where messages can be sent to mobile telephones.
    #[must_use]
    pub fn sending(self, can_send: bool) -> Self {
        Self { can_send, ..self }
    }

    /// Begins a conversation and greets.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(&self, channel: Channel) -> Result<Started, ConversationError> {
        let id = uuid::Uuid::now_v7().simple().to_string();
        let token = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
        let knowledge = self.knowledge.get().await;
        let (state, greeting) = self.run(&id, channel.as_str(), State::new(), Input::Begin, &knowledge).await?;
        let new = NewConversation {
            id: id.clone(),
            token_hash: hash(&token),
            channel: channel.as_str().to_owned(),
            state_version: u32::from(state.version),
            state: to_json(&state),
            greeting: to_json(&greeting),
            now: self.clock.now(),
        };
        self.store.create_conversation(&new).await?;
        Ok(Started { id, token, greeting })
    }

    /// Runs one turn. The same key with the same message gives the same answer and runs nothing.
    ///
    /// # Errors
    /// See [`ConversationError`]; nothing was changed then.
    pub async fn turn(
        &self,
        id: &str,
        token: &str,
        idempotency_key: Option<&str>,
        inbound: Inbound,
    ) -> Result<Outbound, ConversationError> {
        if matches!(&inbound, Inbound::Text(text) if text.chars().count() > self.max_text) {
            return Err(ConversationError::TooLong(self.max_text));
        }
        let lock = self.turn_lock(id);
        let _one_at_a_time = lock.lock().await;
        let stored = self.authorized(id, token).await?;
        let inbound_json = to_json(&inbound);
        let inbound_hash = hash(&inbound_json);
        if let Some(key) = idempotency_key
            && let Some(before) = self.store.exchange_by_key(id, key).await?
        {
            let same = before.inbound_hash.as_deref() == Some(inbound_hash.as_str());
            return if same { from_json(&before.outbound) } else { Err(ConversationError::KeyReused) };
        }
        if stored.status == Status::Ended.as_str() {
            return Err(ConversationError::Ended);
        }
        let mut state = State::from_json(&stored.state).map_err(|e| ConversationError::Store(e.into()))?;
        state.turn = stored.turn;
        // One for the whole turn, whatever is put in force meanwhile.
        let knowledge = self.knowledge.get().await;
        let input = self.input(&state, &inbound, &knowledge).await;
        let (state, outbound) = self.run(id, &stored.channel, state, input, &knowledge).await?;
        let save = SaveTurn {
            id: id.to_owned(),
            expected_turn: stored.turn,
            state_version: u32::from(state.version),
            state: to_json(&state),
            status: state.status.as_str().to_owned(),
            inbound: inbound_json,
            outbound: to_json(&outbound),
            idempotency_key: idempotency_key.map(str::to_owned),
            inbound_hash,
            now: self.clock.now(),
        };
        self.store.save_turn(&save).await?;
        self.publish(id, &inbound, &outbound);
        Ok(outbound)
    }

    /// The turns after `after`, from the greeting on when absent.
    ///
    /// # Errors
    /// `NotFound`, or the store does not answer.
    pub async fn replay(&self, id: &str, token: &str, after: Option<u32>) -> Result<Vec<Exchange>, ConversationError> {
        self.authorized(id, token).await?;
        let exchanges = self.store.exchanges_after(id, after).await?;
        exchanges
            .into_iter()
            .map(|e| {
                let inbound = e.inbound.as_deref().map(from_json).transpose()?;
                Ok(Exchange { inbound, outbound: from_json(&e.outbound)? })
            })
            .collect()
    }

    /// Turns as they are saved from now on.
    ///
    /// # Errors
    /// `NotFound`, or the store does not answer.
    pub async fn subscribe(&self, id: &str, token: &str) -> Result<broadcast::Receiver<Exchange>, ConversationError> {
        self.authorized(id, token).await?;
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams.retain(|_, sender| sender.receiver_count() > 0);
        let sender = streams.entry(id.to_owned()).or_insert_with(|| broadcast::channel(STREAM_BACKLOG).0);
        Ok(sender.subscribe())
    }

    /// The conversation, for whoever shows its token; a wrong token looks like a wrong id.
    async fn authorized(&self, id: &str, token: &str) -> Result<StoredConversation, ConversationError> {
        let stored = self.store.load_conversation(id).await?.ok_or(ConversationError::NotFound)?;
        let own = hash(token).as_bytes().ct_eq(stored.token_hash.as_bytes());
        if bool::from(own) { Ok(stored) } else { Err(ConversationError::NotFound) }
    }

    fn turn_lock(&self, id: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = turns.get(id).and_then(Weak::upgrade) {
            return lock;
        }
        turns.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        turns.insert(id.to_owned(), Arc::downgrade(&lock));
        lock
    }

    fn publish(&self, id: &str, inbound: &Inbound, outbound: &Outbound) {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = streams.get(id) {
            // Nobody listening any more is no error.
            let _ = sender.send(Exchange { inbound: Some(inbound.clone()), outbound: outbound.clone() });
        }
    }

    async fn input(&self, state: &State, inbound: &Inbound, knowledge: &Arc<Knowledge>) -> Input {
        match inbound {
            Inbound::Text(text) => self.understood(state, text, knowledge).await,
            Inbound::Dtmf(keys) if Engine::keys_are_digits(state) => {
                self.understood(state, keys.trim_end_matches('#'), knowledge).await
            }
            Inbound::Dtmf(keys) => Input::Keys(keys.clone()),
            Inbound::Choice(value) => Input::Chosen(value.clone()),
            Inbound::Silence(_) => Input::Silence,
        }
    }

    async fn understood(&self, state: &State, text: &str, knowledge: &Arc<Knowledge>) -> Input {
        let awaiting = state.about().and_then(|about| about.public()).map(str::to_owned);
        let context = Context { now: to_athens(self.clock.now()), awaiting };
        if !knowledge.understander.is_slow() {
            return Input::Said(knowledge.understander.parse(text, &context));
        }
        let (knowledge, text) = (Arc::clone(knowledge), text.to_owned());
        let understood = tokio::task::spawn_blocking(move || knowledge.understander.parse(&text, &context));
        Input::Said(understood.await.expect("understanding does not panic, and nobody aborts it"))
    }

    /// Steps until the turn is over, performing what each step asks for.
    async fn run(
        &self,
        id: &str,
        channel: &str,
        state: State,
        input: Input,
        knowledge: &Knowledge,
    ) -> Result<(State, Outbound), ConversationError> {
        let actor = Actor::Citizen { channel: channel.to_owned(), conversation: id.to_owned() };
        let (mut state, mut input) = (state, input);
        let (mut replies, mut events): (Vec<Reply>, Vec<Event>) = (Vec::new(), Vec::new());
        for _ in 0..MOST_REQUESTS {
            let world = World {
                catalogue: &knowledge.catalogue,
                procedures: &knowledge.procedures,
                support: &knowledge.support,
                waiting_list: self.waiting.is_some(),
                by_voice: channel == Channel::Phone.as_str(),
                can_send: self.can_send,
                now: self.clock.now(),
            };
            let reaction = knowledge.engine.step(state, input, world);
            state = reaction.state;
            replies.extend(reaction.replies);
            events.extend(reaction.events);
            self.write_down(id, &state, reaction.records, &actor).await?;
            match reaction.request {
                Some(request) => input = Input::Outcome(self.perform(request, &actor).await),
                None => {
                    self.shorten(channel, &mut state, &mut replies, &events, knowledge).await;
                    return Ok((state.clone(), outbound(&state, replies, events)));
                }
            }
        }
        Err(ConversationError::Store(anyhow::anyhow!("the dialog asks in circles")))
    }

    /// Shortens long explanations, where they are read; what may be said again later is what was shown.
    async fn shorten(
        &self,
        channel: &str,
        state: &mut State,
        replies: &mut [Reply],
        events: &[Event],
        knowledge: &Knowledge,
    ) {
        let Some(shortening) = self.shortening.as_ref().filter(|_| channel != Channel::Phone.as_str()) else { return };
        let plain: Vec<String> = replies.iter().map(|reply| reply.display.clone()).collect();
        shortening.shorten(replies, events, &knowledge.procedures).await;
        for (plain, shown) in plain.iter().zip(replies) {
            for last in state.last.iter_mut().filter(|last| last.display == *plain) {
                last.display.clone_from(&shown.display);
            }
        }
    }

    async fn perform(&self, request: Request, actor: &Actor) -> Outcome {
        match request {
            Request::Search(query) => Outcome::Found(self.core.search(&query, actor).await),
            Request::Hold(request) => Outcome::Held(self.core.hold(&request, actor).await),
            Request::Book(request) => Outcome::Booked(self.core.book(&request, actor).await.map(Box::new)),
            Request::Find(reference, phone) => {
                Outcome::Appointment(self.core.find(&reference, &phone).await.map(Box::new))
            }
            Request::Cancel(reference) => {
                Outcome::Cancelled(self.core.cancel(&reference, actor, "").await.map(Box::new))
            }
            Request::AnswerProposal(reference, true) => {
                Outcome::ProposalAccepted(self.core.answer_proposal(&reference, true, actor).await.map(Box::new))
            }
            Request::AnswerProposal(reference, false) => {
                Outcome::ProposalDeclined(self.core.answer_proposal(&reference, false, actor).await.map(Box::new))
            }
            Request::Reschedule(reference, start, office) => {
                Outcome::Rescheduled(self.core.reschedule(&reference, start, Some(&office), actor).await.map(Box::new))
            }
            Request::Waiting(call) => Outcome::Waiting(self.perform_waiting(call, actor).await),
        }
    }

    async fn perform_waiting(&self, call: Waiting, actor: &Actor) -> Answered {
        let Some(list) = &self.waiting else {
            return call.refused(Refusal::Unavailable("the waiting list is kept by another program".to_owned()));
        };
        match call {
            Waiting::Join(request) => Answered::Joined(list.wait(&request, actor).await.map(Box::new)),
            Waiting::Find(reference, phone) => Answered::Found(list.waiting(&reference, &phone).await.map(Box::new)),
            Waiting::Accept(reference, phone) => {
                Answered::Accepted(list.accept(&reference, &phone, actor).await.map(Box::new))
            }
            Waiting::Decline(reference, phone) => {
                Answered::Declined(list.decline(&reference, &phone, actor).await.map(Box::new))
            }
            Waiting::Leave(reference, phone) => Answered::Left(list.leave(&reference, Some(&phone), actor).await),
        }
    }

    async fn write_down(
        &self,
        id: &str,
        state: &State,
        records: Vec<Record>,
        actor: &Actor,
    ) -> Result<(), ConversationError> {
        for record in records {
            match record {
                // A hold that cannot be let go now expires by itself.
                Record::Release(hold) => {
                    if let Err(refusal) = self.core.release(&hold, actor).await {
                        tracing::warn!(code = refusal.code(), "a hold was not released");
                    }
                }
                Record::HandOff { reason } => {
                    let slots = to_json(&state.slots.public());
                    self.store.record_handoff(&Handoff { conversation: id.to_owned(), reason, slots }).await?;
                }
                Record::Callback { phone } => {
                    if let Ok(phone) = Phone::parse(&phone) {
                        self.store.record_callback(&CallbackRequest { conversation: id.to_owned(), phone }).await?;
                    }
                }
                Record::Message { phone, text } => {
                    if let Ok(phone) = Phone::parse(&phone) {
                        self.store.record_message(id, "procedure_explained", &phone, &text).await?;
                    }
                }
                Record::Feedback { rating } => self.store.record_feedback(id, rating).await?,
            }
        }
        Ok(())
    }
}

fn outbound(state: &State, replies: Vec<Reply>, events: Vec<Event>) -> Outbound {
    let open = state.status == Status::Open;
    let awaiting = state.about().filter(|_| open).and_then(|about| about.public()).map(str::to_owned);
    Outbound {
        turn: state.turn,
        replies,
        flow: state.frame().map(|frame| frame.flow.clone()),
        awaiting,
        slots: state.slots.public(),
        events,
        status: state.status,
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own types are JSON")
}

fn from_json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, ConversationError> {
    serde_json::from_str(text).map_err(|e| ConversationError::Store(e.into()))
}
