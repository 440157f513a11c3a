//! Customers.

use wire::exotel::OPERATIONS;
use wire::exotel::types::{Customer, CustomerRequest};

use super::Exotel;
use crate::methods::methods;

methods! {
    impl Exotel, OPERATIONS;

    /// Makes a customer. Its secret is in this answer and in no other.
    ///
    /// `POST /v2/integrations/customer`, open to everybody: no credentials are sent.
    /// Limits: the name has 1–100 characters, the e-mail address up to 128.
    ///
    /// # Errors
    /// 400: something is missing; 401: the server lets nobody do it, as Crosspoint does unless it is set
    /// otherwise.
    ///
    /// Source: `exotel.md#ExotelCreateCustomer`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::{Exotel, types::*};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = CustomerRequest { customer_name: "Shop".into(), email: "owner@shop.example.com".into() };
    /// println!("{}", exotel.create_customer(&body).await?.customer_id);
    /// # Ok(()) }
    /// ```
    ExotelCreateCustomer: create_customer(; body: json CustomerRequest) -> Customer;

    /// Reads the customer of the token, its secret masked.
    ///
    /// `GET /v2/integrations/customer`, open to tokens of a customer.
    ///
    /// # Errors
    /// As everywhere, 401 for a token that is missing, wrong or of the other entity.
    ///
    /// Source: `exotel.md#ExotelGetCustomer`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", exotel.get_customer().await?.customer_name);
    /// # Ok(()) }
    /// ```
    ExotelGetCustomer: get_customer() -> Customer;

    /// Deletes the customer of the token with all its apps. The answer is a sentence.
    ///
    /// `DELETE /v2/integrations/customer`, open to tokens of a customer.
    ///
    /// # Errors
    /// 400: it cannot be deleted; as everywhere, 401 for a token that is missing, wrong or of the other
    /// entity.
    ///
    /// Source: `exotel.md#ExotelDeleteCustomer`.
    ///
    /// ```no_run
    /// # use crosspoint_client::exotel::Exotel;
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// exotel.delete_customer().await?;
    /// # Ok(()) }
    /// ```
    ExotelDeleteCustomer: delete_customer() -> String;
}
