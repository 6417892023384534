"""What is proposed before anything is asked: from documents, archetypes and earlier answers."""
