//! The catalogue as a document with revisions, and the rows that bookings refer to.

use serde_json::json;
use sqlx::AnyConnection;

use super::Store;
use super::audit::{self, Entry};
use super::error::StoreError;
use super::row::Columns;
use crate::booking::catalogue::Catalogue;
use crate::booking::core::Actor;
use crate::booking::in_force::digest;

impl Store {
    /// Keeps a catalogue as the newest revision and brings services, offices and resources in line with it; gives the
    /// revision. The catalogue that is already the newest is not kept again.
    ///
    /// What is no longer in it is retired, never deleted: appointments keep what they refer to.
    ///
    /// # Errors
    /// [`StoreError::Catalogue`] when it does not hold together (the first problem); nothing is changed then.
    pub async fn import_catalogue(&self, catalogue: &Catalogue) -> Result<i64, StoreError> {
        self.import_catalogue_as(catalogue, &Actor::System).await
    }

    /// The same, with who did it for the audit.
    ///
    /// # Errors
    /// As [`Self::import_catalogue`].
    pub async fn import_catalogue_as(&self, catalogue: &Catalogue, actor: &Actor) -> Result<i64, StoreError> {
        if let Some(problem) = catalogue.check().first() {
            return Err(StoreError::Catalogue(problem.to_string()));
        }
        let document = catalogue.document();
        let digest = digest(&document);
        let mut tx = self.begin().await?;
        if let Some((revision, newest)) = newest_digest(&mut tx).await?
            && newest == digest
        {
            return Ok(revision);
        }
        sqlx::query("INSERT INTO catalogue_documents (imported_at, digest, document) VALUES ($1, $2, $3)")
            .bind(self.now())
            .bind(&digest)
            .bind(&document)
            .execute(&mut *tx)
            .await?;
        retire_all(&mut tx).await?;
        keep_services(&mut tx, catalogue).await?;
        keep_offices(&mut tx, catalogue).await?;
        let revision = newest_digest(&mut tx).await?.map_or(0, |(revision, _)| revision);
        // That a new database begins with the catalogue of the binary is nobody's doing.
        if *actor != Actor::System {
            let detail = json!({ "revision": revision, "digest": digest });
            let (subject, reason, at) = ("catalogue", "", self.now());
            audit::record(
                &mut tx,
                Entry { actor, action: "catalogue_imported", subject, reason, detail, message: "", at },
            )
            .await?;
        }
        tx.commit().await?;
        Ok(revision)
    }

    /// The digest of the newest catalogue, if any was imported.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn latest_digest(&self) -> Result<Option<String>, StoreError> {
        let mut connection = self.read.acquire().await?;
        Ok(newest_digest(&mut connection).await?.map(|(_, digest)| digest))
    }

    /// The newest catalogue, if any was imported.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when it cannot be read back.
    pub async fn latest_catalogue(&self) -> Result<Option<Catalogue>, StoreError> {
        let row = sqlx::query("SELECT document FROM catalogue_documents ORDER BY revision DESC LIMIT 1")
            .fetch_optional(&self.read)
            .await?;
        row.map(|row| serde_json::from_str(&row.text("document")?).map_err(|_| StoreError::Unreadable("catalogue")))
            .transpose()
    }
}

async fn newest_digest(tx: &mut AnyConnection) -> Result<Option<(i64, String)>, StoreError> {
    let row = sqlx::query("SELECT revision, digest FROM catalogue_documents ORDER BY revision DESC LIMIT 1")
        .fetch_optional(tx)
        .await?;
    row.map(|row| Ok((row.number("revision")?, row.text("digest")?))).transpose()
}

async fn retire_all(tx: &mut AnyConnection) -> Result<(), StoreError> {
    for statement in
        ["UPDATE services SET retired = 1", "UPDATE offices SET retired = 1", "UPDATE resources SET retired = 1"]
    {
        sqlx::query(statement).execute(&mut *tx).await?;
    }
    Ok(())
}

async fn keep_services(tx: &mut AnyConnection, catalogue: &Catalogue) -> Result<(), StoreError> {
    for service in &catalogue.services {
        sqlx::query(
            "INSERT INTO services (id, organisation_id, name, retired) VALUES ($1, $2, $3, 0) ON CONFLICT (id) DO UPDATE \
             SET organisation_id = excluded.organisation_id, name = excluded.name, retired = 0",
        )
        .bind(service.id.as_str())
        .bind(service.organisation.as_str())
        .bind(service.name.as_str())
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn keep_offices(tx: &mut AnyConnection, catalogue: &Catalogue) -> Result<(), StoreError> {
    for office in &catalogue.offices {
        sqlx::query(
            "INSERT INTO offices (id, organisation_id, name, time_zone, retired) VALUES ($1, $2, $3, $4, 0) \
             ON CONFLICT (id) DO UPDATE SET organisation_id = excluded.organisation_id, name = excluded.name, \
             time_zone = excluded.time_zone, retired = 0",
        )
        .bind(office.id.as_str())
        .bind(office.organisation.as_str())
        .bind(office.name.as_str())
        .bind(office.time_zone.name())
        .execute(&mut *tx)
        .await?;
        for resource in &office.resources {
            sqlx::query(
                "INSERT INTO resources (id, office_id, name, retired) VALUES ($1, $2, $3, 0) ON CONFLICT (id) DO UPDATE \
                 SET office_id = excluded.office_id, name = excluded.name, retired = 0",
            )
            .bind(resource.id.as_str())
            .bind(office.id.as_str())
            .bind(resource.name.as_str())
            .execute(&mut *tx)
            .await?;
        }
    }
    Ok(())
}
