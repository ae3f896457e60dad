//! The one list of routes: what the server answers, and who may ask. A route cannot be registered without entering it,
//! and its rule is read off the handler's own arguments, so neither can say something else than the server does.

use std::fmt;

use actix_web::guard;
use actix_web::http::Method;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpMessage, HttpRequest, HttpResponse, Responder, Route};
use domain::access::Action;

use super::{Guarded, Permit, SignedIn};
use crate::error::AppError;

/// Who may call a route at all. What a stranger's id answers is the use case's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Whoever asks; a link of a mail carries its own permission.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// Whom the access rules allow this.
    May(Action),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed_in",
            Self::May(action) => action.as_str(),
        })
    }
}

/// One route of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Method.
    pub method: Method,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub rule: Rule,
}

/// What a handler's argument says of who may call the handler. Every type that a handler takes has to say it.
pub trait Says {
    /// The rule; `None` when the argument lets anyone pass.
    const RULE: Option<Rule> = None;
}

impl<P: Permit> Says for Guarded<P> {
    const RULE: Option<Rule> = Some(match P::ACTION {
        Some(action) => Rule::May(action),
        None => Rule::SignedIn,
    });
}

/// A handler that takes the refusal itself still lets nobody else pass: it has to open the result.
impl<P: Permit> Says for Result<Guarded<P>, AppError> {
    const RULE: Option<Rule> = Guarded::<P>::RULE;
}

impl<T> Says for Data<T> {}
impl<T> Says for Path<T> {}
impl Says for Bytes {}
impl Says for HttpRequest {}
impl Says for SignedIn {}

/// The first of two rules that there is.
const fn either(first: Option<Rule>, second: Option<Rule>) -> Option<Rule> {
    if first.is_some() { first } else { second }
}

macro_rules! tuples_say {
    ($($name:ident)*) => {
        impl<$($name: Says),*> Says for ($($name,)*) {
            const RULE: Option<Rule> = {
                let rule: Option<Rule> = None;
                $(let rule = either(rule, $name::RULE);)*
                rule
            };
        }
    };
}

tuples_say!();
tuples_say!(A);
tuples_say!(A B);
tuples_say!(A B C);
tuples_say!(A B C D);
tuples_say!(A B C D E);
tuples_say!(A B C D E F);

/// The methods that an address takes, beside a refusal of another one.
#[derive(Debug, Clone)]
pub struct Allowed(pub String);

/// Every method of one path.
struct Address {
    path: &'static str,
    methods: Vec<Method>,
    routes: Vec<Route>,
}

/// Takes routes in, in the order in which they are tried.
#[derive(Default)]
pub struct Routes {
    addresses: Vec<Address>,
    listed: Vec<Listed>,
}

impl Routes {
    /// Adds a GET route.
    pub fn get<F, A>(&mut self, path: &'static str, handler: F) -> &mut Self
    where
        F: Handler<A, Output: Responder + 'static>,
        A: FromRequest + Says + 'static,
    {
        self.add(Method::GET, path, handler)
    }

    /// Adds a POST route.
    pub fn post<F, A>(&mut self, path: &'static str, handler: F) -> &mut Self
    where
        F: Handler<A, Output: Responder + 'static>,
        A: FromRequest + Says + 'static,
    {
        self.add(Method::POST, path, handler)
    }

    /// Adds a PUT route.
    pub fn put<F, A>(&mut self, path: &'static str, handler: F) -> &mut Self
    where
        F: Handler<A, Output: Responder + 'static>,
        A: FromRequest + Says + 'static,
    {
        self.add(Method::PUT, path, handler)
    }

    /// Adds a PATCH route.
    pub fn patch<F, A>(&mut self, path: &'static str, handler: F) -> &mut Self
    where
        F: Handler<A, Output: Responder + 'static>,
        A: FromRequest + Says + 'static,
    {
        self.add(Method::PATCH, path, handler)
    }

    /// Adds a DELETE route.
    pub fn delete<F, A>(&mut self, path: &'static str, handler: F) -> &mut Self
    where
        F: Handler<A, Output: Responder + 'static>,
        A: FromRequest + Says + 'static,
    {
        self.add(Method::DELETE, path, handler)
    }

    fn add<F, A>(&mut self, method: Method, path: &'static str, handler: F) -> &mut Self
    where
        F: Handler<A, Output: Responder + 'static>,
        A: FromRequest + Says + 'static,
    {
        self.listed.push(Listed { method: method.clone(), path, rule: A::RULE.unwrap_or(Rule::Anyone) });
        // Whoever may read a page may ask for its head; the server leaves the body out.
        let route = match method {
            Method::GET => web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler),
            _ => web::method(method.clone()).to(handler),
        };
        if let Some(address) = self.addresses.iter_mut().find(|known| known.path == path) {
            address.methods.push(method);
            address.routes.push(route);
        } else {
            self.addresses.push(Address { path, methods: vec![method], routes: vec![route] });
        }
        self
    }

    /// What was added.
    #[must_use]
    pub fn list(self) -> Vec<Listed> {
        self.listed
    }

    /// Gives everything to the server. An address that is known refuses other methods and says which it takes.
    pub fn install(self, config: &mut ServiceConfig) {
        for address in self.addresses {
            let head = address.methods.contains(&Method::GET).then_some("HEAD");
            let methods: Vec<&str> = address.methods.iter().map(Method::as_str).chain(head).collect();
            let allowed = Allowed(methods.join(", "));
            let refuse = move |req: HttpRequest| {
                req.extensions_mut().insert(allowed.clone());
                std::future::ready(Err::<HttpResponse, _>(AppError::Method))
            };
            let resource = web::resource(address.path).default_service(web::to(refuse));
            config.service(address.routes.into_iter().fold(resource, actix_web::Resource::route));
        }
    }
}
