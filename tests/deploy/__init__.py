"""What an operator deploys: compose.yaml, the certificates and Caddy, run for real as far as that needs no engine."""
