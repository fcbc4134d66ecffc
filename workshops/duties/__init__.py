"""What has to happen in the park because a day has passed? One file per concept; everything is safe to repeat."""
