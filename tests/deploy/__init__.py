"""What an operator deploys: compose.yaml, the certificates, Caddy in front; run for real where that needs no engine."""
