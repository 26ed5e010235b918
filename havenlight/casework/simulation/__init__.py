"""A helpline that never was: registrations of made-up persons with the published shares."""
